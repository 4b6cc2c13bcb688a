/**
 * Who may import whom, for `depcruise app server sidecars prisma`.
 * Imports point down: contracts → platform → store → service → doors → api, gateway → app.
 */
import ts from 'typescript';

// Without TypeScript's own parser the checker reads no file, and then finds no fault.
if (!ts.createSourceFile) throw new Error(`dependency-cruiser cannot read with TypeScript ${ts.version}: pin 6.0`);

/** Each domain and whose service.ts it may call besides identity's. A new domain is a new line. */
const mayCall = {
  identity: [],
  sources: [],
  feeds: ['sources'],
  streams: ['sources'],
  recordings: ['streams'],
  earth: ['sources', 'streams', 'recordings'],
  webhooks: [],
  removals: ['sources', 'streams', 'recordings'],
  chat: ['streams', 'audience'],
  audience: ['streams'],
  tips: ['streams', 'audience'],
  meetings: ['streams', 'recordings', 'chat', 'audience'],
  ambience: ['sources'],
  analysis: ['streams'],
  pipelines: ['analysis', 'recordings'],
  products: [],
  inspections: ['products', 'pipelines', 'recordings'],
  provenance: ['recordings', 'streams'],
  parties: ['streams', 'chat', 'audience'],
  alerts: ['streams', 'audience'],
};

/** Given to `node --import` by the supervisor. */
const PRELOADED = '^server/supervisor/end-with-parent[.]mjs$';

/** What a domain opens to the outside; api/ and gateway/ mount these. */
const doors = ['router', 'socket', 'websocket', 'webhook', 'grpc', 'mcp'];

const domains = Object.keys(mayCall);
const HOUSE = '^(app|server|sidecars|prisma)/';
const CONTRACTS = '^server/contracts/';
/** The life of a child process: the supervisor's, and a sidecar's that forks. */
const CHILD = '^server/supervisor/child[.]ts$';
/** What every sidecar may need that makes media: boxes, parameter sets, pictures scaled and encoded. They know no sidecar. */
const MEDIA = '^sidecars/(cmaf|codec|encode)/';
const PLATFORM = '^server/platform/';
const DATABASE = '^server/platform/db[.]ts$';
const DOMAIN = `^server/(${domains.join('|')})/`;
/** A large domain has rooms of its own: `server/identity/audit/store.ts`. */
const STORE = '^(server|sidecars)/[^/]+/([^/]+/|)store[.]ts$';
const SERVICE = `${DOMAIN}([^/]+/|)service[.]ts$`;
const ROUTER = `${DOMAIN}([^/]+/|)router[.]ts$`;
const DOOR = `${DOMAIN}([^/]+/|)(${doors.join('|')})[.]ts$`;
const APP_ROUTER = '^server/api/app-router[.]ts$';
const GENERATED = '^prisma/generated/';
const TEST = '[.](test|e2e)[.]tsx?$|^server/testing/|^app/_e2e/';
/** Runs on the server only: route handlers, and what `server-only` keeps out of the browser. */
const APP_SERVER = '^app/(_lib/[^/]+-server|.+/route)[.]ts$';
/** Next loads these by name, so nothing need import them. */
const NEXT_FILE = '(^|/)(page|layout|loading|error|global-error|not-found|default|template|route)[.]tsx?$';

/** A room's files, tests aside, reach nothing of the house but what is listed. */
const rooms = [
  {
    name: 'platform-knows-no-domain',
    comment: 'Every domain stands on platform: publish an event, or take a function as an argument.',
    files: PLATFORM,
    mayReach: [PLATFORM, CONTRACTS, GENERATED],
  },
  {
    name: 'domains-look-down',
    comment: 'A domain does not know who mounts or shows it: publish an event and let the upper room listen.',
    files: DOMAIN,
    mayReach: [DOMAIN, PLATFORM, CONTRACTS, GENERATED],
  },
  {
    name: 'api-composes-routers',
    comment: 'api/ joins routers and says who is asking: rules belong in a service.',
    files: '^server/api/',
    mayReach: ['^server/api/', ROUTER, SERVICE, PLATFORM, CONTRACTS],
  },
  {
    name: 'gateway-mounts-doors',
    comment: 'gateway/ mounts doors and hands messages to services: whatever lies behind them belongs to the domain.',
    files: '^server/gateway/',
    mayReach: ['^server/(gateway|api|supervisor)/', DOOR, SERVICE, PLATFORM, CONTRACTS],
  },
  {
    name: 'supervisor-knows-no-domain',
    comment: 'The supervisor starts and stops every child alike: take what a domain wants as an argument.',
    files: '^server/supervisor/',
    mayReach: ['^server/supervisor/', PLATFORM, CONTRACTS],
  },
  {
    name: 'sidecars-stand-alone',
    comment: 'A sidecar may run on another machine: speak to the rest by a message in contracts/sidecar.ts.',
    files: '^sidecars/([^/]+)/',
    mayReach: ['^sidecars/$1/', '^sidecars/harness[.]ts$', MEDIA, CHILD, CONTRACTS, GENERATED],
  },
  {
    name: 'harness-knows-contracts',
    comment: 'Every sidecar loads the harness: keep what one of them needs in that one.',
    files: '^sidecars/[^/]+[.]ts$',
    mayReach: [CONTRACTS],
  },
  {
    name: 'child-stands-alone',
    comment: 'Sidecars load it too, on machines without a database: take what differs as an argument.',
    files: CHILD,
    mayReach: [CONTRACTS],
  },
  {
    name: 'app-server-calls-api',
    comment: 'A page that called a service would walk past the permission in its router: call server/api.',
    files: APP_SERVER,
    mayReach: ['^app/', '^server/api/', PLATFORM, CONTRACTS],
  },
].map(({ name, comment, files, mayReach }) => ({
  name,
  comment,
  from: { path: files, pathNot: TEST },
  to: { path: HOUSE, pathNot: mayReach },
}));

/** The table above, a rule a domain, so that a report names who called upwards. */
const calls = domains.map((domain) => {
  const callees = ['identity', ...mayCall[domain]].filter((callee) => callee !== domain);
  return {
    name: `${domain}-may-call`,
    comment: `${domain} may call ${callees.join(', ') || 'nobody'}: for anybody else publish an event.`,
    from: { path: `^server/${domain}/`, pathNot: TEST },
    to: { path: DOMAIN, pathNot: `^server/(${[domain, ...callees].join('|')})/` },
  };
});

const forbidden = [
  ...rooms,
  ...calls,
  {
    name: 'contracts-import-zod-only',
    comment: 'Browser, server and sidecars all load contracts: take anything else to the room that uses it.',
    from: { path: CONTRACTS, pathNot: TEST },
    to: { pathNot: [CONTRACTS, '(^|/)node_modules/zod/'] },
  },
  {
    name: 'domains-meet-in-service',
    comment: "Another domain's tables and inner files change without you: call its service.ts.",
    from: { path: DOMAIN, pathNot: TEST },
    to: { path: DOMAIN, pathNot: ['^server/$1/', SERVICE] },
  },
  {
    name: 'prisma-behind-store',
    comment:
      'Rows are read and written in one kind of file: ask a store; transactions begin in platform/transaction.ts.',
    from: { pathNot: [STORE, DATABASE, '^prisma/', TEST] },
    to: { path: '^prisma/|(^|/)node_modules/@prisma/' },
  },
  {
    name: 'database-behind-store',
    comment: 'A query outside a store is not found again: put it in the store of the domain that owns the table.',
    from: { pathNot: [STORE, PLATFORM, '^prisma/', TEST] },
    to: { path: DATABASE },
  },
  {
    name: 'stores-decide-nothing',
    comment: 'A store asks and answers: take what it needs as an argument from the service.',
    from: { path: STORE },
    to: { path: [SERVICE, DOOR] },
  },
  {
    name: 'doors-call-services',
    comment: 'A query behind a door skips the rules: parse, permit, and call service.ts once.',
    from: { path: DOOR },
    to: { path: STORE },
  },
  {
    name: 'doors-are-mounted',
    comment: 'Doors face outwards: inside the house call the service behind the door.',
    from: { pathNot: ['^server/(api|gateway)/', TEST] },
    to: { path: DOOR },
  },
  {
    name: 'app-sees-contracts',
    comment: 'Server code must not reach the browser: ask by tRPC, on the server through _lib/trpc-server.ts.',
    from: { path: '^app/', pathNot: [APP_SERVER, TEST] },
    to: { path: HOUSE, pathNot: ['^app/', CONTRACTS, APP_ROUTER] },
  },
  {
    name: 'app-router-as-type',
    comment: 'The browser needs the shape of the API, not its code: write `import type`.',
    from: { path: '^app/', pathNot: [APP_SERVER, TEST] },
    to: { path: APP_ROUTER, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'features-are-apart',
    comment: 'A feature can be read and removed alone: compose two in a page, or move what they share to _lib.',
    from: { path: '^app/_features/([^/]+)/', pathNot: TEST },
    to: { path: '^app/', pathNot: ['^app/_features/$1/', '^app/_(lib|ui)/'] },
  },
  {
    name: 'lib-is-below-features',
    comment: '_lib and _ui serve every feature: take what differs as an argument or as children.',
    from: { path: '^app/_(lib|ui)/', pathNot: TEST },
    to: { path: '^app/', pathNot: '^app/_(lib|ui)/' },
  },
  {
    name: 'tests-stay-out',
    comment: 'Tests and factories are not shipped: move what is shared into the room that owns it.',
    from: { pathNot: TEST },
    to: { path: TEST },
  },
  {
    name: 'no-dev-dependencies',
    comment: 'Production leaves devDependencies out: move the package to dependencies, or import its type only.',
    from: { pathNot: TEST },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-cycles',
    comment: 'A ring has no first file to read or to start: move what both need below both, or import its type only.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-barrels',
    comment: 'An index.ts hides who needs what and ends in rings: import the file that holds the thing.',
    from: { path: '(^|/)index[.]tsx?$' },
    to: {},
  },
  {
    name: 'no-orphans',
    comment: 'What nothing imports and imports nothing is forgotten: use it or delete it (knip finds the rest).',
    from: { orphan: true, pathNot: ['[.]d[.]ts$', NEXT_FILE, PRELOADED] },
    to: {},
  },
  {
    name: 'no-dead-ends',
    comment: 'Node runs these files as they stand: name a file that exists, or a package of package.json.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-unknown-rooms',
    comment: 'No rule reads a folder it does not know: add the domain to mayCall.',
    from: { path: `^server/(?!(contracts|platform|api|gateway|supervisor|testing|${domains.join('|')})/)` },
    to: {},
  },
];

const required = [
  {
    name: 'server-files-say-so',
    comment: "The build stops a client component from loading the file only if it begins with import 'server-only'.",
    module: { path: '^app/_lib/[^/]+-server[.]ts$' },
    to: { path: '(^|/)server-only' },
  },
];

const asError = (rule) => ({ severity: 'error', ...rule });

export default {
  forbidden: forbidden.map(asError),
  required: required.map(asError),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};
