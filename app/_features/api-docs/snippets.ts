import type { OperationView } from './read-document.ts';

type Asked = Pick<OperationView, 'method' | 'address' | 'body' | 'permission' | 'answer'>;

/** What to type to call an operation; `$SENSORIUM_KEY` is an API key. */
export function snippetsOf(operation: Asked, base: string): { curl: string; typescript: string; python: string } {
  const url = `http://localhost:3000${base}${operation.address}`;
  const body = operation.body?.example;
  const keyed = operation.permission !== 'public';
  return {
    curl: curl({ ...operation, url, body, keyed }),
    typescript: typescript({ ...operation, url, body, keyed }),
    python: python({ ...operation, url, body, keyed }),
  };
}

interface Call {
  method: string;
  url: string;
  body: unknown;
  keyed: boolean;
  answer: OperationView['answer'];
}

function curl({ method, url, body, keyed }: Call): string {
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${url}'`,
    ...(keyed ? ['-H "Authorization: Bearer $SENSORIUM_KEY"'] : []),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`]),
  ].join(' \\\n  ');
}

function typescript({ method, url, body, keyed, answer }: Call): string {
  const headers = [
    ...(keyed ? ['authorization: `Bearer ${process.env.SENSORIUM_KEY}`'] : []),
    ...(body === undefined ? [] : ["'content-type': 'application/json'"]),
  ];
  const options = [
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    ...(headers.length > 0 ? [`  headers: { ${headers.join(', ')} },`] : []),
    ...(body === undefined ? [] : [`  body: JSON.stringify(${indented(body, '  ')}),`]),
  ];
  const rest = options.length > 0 ? `, {\n${options.join('\n')}\n}` : '';
  return [
    `const answer = await fetch('${url}'${rest});`,
    'if (!answer.ok) throw new Error((await answer.json()).error.message);',
    ...(answer.schema ? ['const result = await answer.json();'] : []),
  ].join('\n');
}

function python({ method, url, body, keyed, answer }: Call): string {
  const headers = [
    ...(keyed ? ['"Authorization": f"Bearer {os.environ[\'SENSORIUM_KEY\']}"'] : []),
    ...(body === undefined ? [] : ['"Content-Type": "application/json"']),
  ];
  return [
    `import json${keyed ? ', os' : ''}, urllib.request`,
    '',
    `request = urllib.request.Request("${url}", method="${method}"${headers.length > 0 ? `, headers={${headers.join(', ')}}` : ''})`,
    ...(body === undefined ? [] : [`request.data = json.dumps(json.loads('''${JSON.stringify(body)}''')).encode()`]),
    'with urllib.request.urlopen(request, timeout=10) as answer:',
    answer.schema ? '    result = json.load(answer)' : '    print(answer.status)',
  ].join('\n');
}

function indented(value: unknown, by: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${by}`);
}
