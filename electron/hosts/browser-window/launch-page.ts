import type { RendererFile } from '../shared/renderer-files.ts';

/**
 * The page a launch address opens. The token stands in the fragment, which a browser sends to nobody; the script takes
 * it out of the address and the history before it exchanges it.
 */
const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>RTVM Bench</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/launch.css"><script src="/launch.js" defer></script></head>
<body><main><h1>RTVM Bench</h1><p id="message" role="status">Opening the bench …</p></main></body>
</html>
`;

const script = `const token = location.hash.slice(1);
history.replaceState(null, '', '/launch');
const refuse = () => {
  document.getElementById('message').textContent =
    'This address has been used or is too old. Press Enter in the terminal where RTVM Bench runs to get a new one.';
};
if (token === '') refuse();
else fetch('/session', { method: 'POST', body: token }).then((answer) => { if (answer.ok) location.replace('/'); else refuse(); }, refuse);
`;

const style = `html { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 40rem; margin: 15vh auto 0; padding: 0 1rem; }
`;

const page = (contentType: string, text: string): RendererFile => ({ contentType, cacheControl: 'no-store', body: Buffer.from(text) });

export const launchFiles: ReadonlyMap<string, RendererFile> = new Map([
  ['/launch', page('text/html; charset=utf-8', html)],
  ['/launch.js', page('text/javascript; charset=utf-8', script)],
  ['/launch.css', page('text/css; charset=utf-8', style)],
]);
