/** What a person sees while the pages' process starts or is away; comes back by itself. */
export function waitingPage(language: string | undefined, nonce: string): string {
  const japanese = language?.toLowerCase().startsWith('ja') === true;
  const text = japanese
    ? { lang: 'ja', title: '起動しています', body: '画面を準備しています。まもなく自動で表示されます。' }
    : { lang: 'en', title: 'Starting', body: 'The pages are getting ready. This one reloads by itself.' };
  return `<!doctype html>
<html lang="${text.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>${text.title} · Sensorium</title>
<style nonce="${nonce}">
:root{color-scheme:dark light}
body{margin:0;min-height:100vh;display:grid;place-content:center;gap:.5rem;padding:2rem;font:16px/1.5 system-ui,sans-serif}
h1{margin:0;font-size:1.25rem}p{margin:0}
</style>
</head>
<body><main role="status"><h1>${text.title}</h1><p>${text.body}</p></main></body>
</html>
`;
}
