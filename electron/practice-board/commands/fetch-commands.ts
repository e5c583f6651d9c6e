import { createHash } from 'node:crypto';
import { cloudImages } from '../../../shared/planning/vm/create/cloud-images.ts';
import { imageText } from '../libvirt/disk-image.ts';
import type { Program, ProgramContext } from './program.ts';

const imageBytes = 3 * 2 ** 20;
const piece = 256 * 1024;

/** What a server of the pretended Internet has at an address: the catalogue's images, small ones, and their checksums. */
function contentAt(url: string): string | undefined {
  const image = cloudImages.find((one) => one.url === url);
  if (image !== undefined) {
    const head = imageText({ virtualBytes: 3 * 2 ** 30, backing: undefined, backingFormat: undefined });
    return head + `${url}\n`.repeat(Math.ceil((imageBytes - head.length) / (url.length + 1))).slice(0, imageBytes - head.length);
  }
  const listed = cloudImages.filter(({ checksumsUrl }) => checksumsUrl === url);
  if (listed.length === 0) return undefined;
  return listed.map((one) => {
    const algorithm = /SHA512/.test(url) ? 'sha512' : 'sha256';
    return `${createHash(algorithm).update(Buffer.from(contentAt(one.url) ?? '', 'latin1')).digest('hex')}  ${one.fileName}\n`;
  }).join('');
}

const knownHosts = new Set(cloudImages.map(({ url }) => new URL(url).host));

async function curl(context: ProgramContext): Promise<number> {
  const words = [...context.args];
  let url = '';
  let output: string | undefined;
  let headOnly = false;
  let goOn = false;
  let quiet = false;
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--url') url = words.shift() ?? '';
    else if (word === '-o' || word === '--output') output = words.shift();
    else if (['-C', '--continue-at'].includes(word)) goOn = words.shift() === '-';
    else if (/^--(?:proto|proto-redir|max-time|max-filesize|connect-timeout|speed-limit|speed-time|retry|retry-delay|limit-rate)$/.test(word) || word === '-m') words.shift();
    else if (/^-[a-zA-Z]+$/.test(word)) [headOnly, quiet] = [headOnly || word.includes('I'), quiet || (word.includes('s') && !word.includes('S'))];
    else if (!word.startsWith('-')) url = word;
  }
  const fail = async (status: number, text: string): Promise<number> => (await context.err(quiet ? '' : `curl: (${status}) ${text}\n`), status);
  if (!URL.canParse(url)) return fail(3, 'URL using bad/illegal format or missing URL');
  const { host } = new URL(url);
  if (!knownHosts.has(host)) return fail(6, `Could not resolve host: ${host}`);
  const content = contentAt(url);
  if (content === undefined) return fail(22, 'The requested URL returned error: 404');
  await context.process.sleep(60);
  if (headOnly) return (await context.out(`HTTP/2 200 \r\ncontent-type: application/octet-stream\r\ncontent-length: ${content.length}\r\naccept-ranges: bytes\r\n\r\n`), 0);
  if (output === undefined) return (await context.out(content), 0);
  return save(context, output, content, goOn);
}

/** In pieces, as a download comes. */
async function save(context: ProgramContext, path: string, content: string, goOn: boolean): Promise<number> {
  const absolute = context.path(path);
  const there = goOn && context.files.exists(absolute, context.who) ? context.files.find(absolute, context.who) : undefined;
  let at = there?.kind === 'file' ? Math.min(there.size, content.length) : 0;
  const file = await context.open(path, { write: true, create: true, truncate: at === 0, append: true });
  try {
    for (; at < content.length; at += piece) {
      await file.write(content.slice(at, at + piece), context.process.stop);
      await context.process.sleep(40);
    }
    return 0;
  } catch {
    context.process.assertAlive();
    return (await context.err(`curl: (23) Failure writing output to destination\n`), 23);
  } finally {
    file.release();
  }
}

async function wget(context: ProgramContext): Promise<number> {
  const url = context.args.find((word) => /^https?:/.test(word)) ?? '';
  const place = context.args.indexOf('-O');
  const output = context.args[place + 1] ?? '';
  if (!URL.canParse(url) || !knownHosts.has(new URL(url).host)) return (await context.err(`wget: unable to resolve host address '${URL.canParse(url) ? new URL(url).host : url}'\n`), 4);
  const content = contentAt(url);
  if (content === undefined) return (await context.err('ERROR 404: Not Found.\n'), 8);
  if (context.args.includes('--spider')) return (await context.err(`  HTTP/1.1 200 OK\n  Content-Length: ${content.length}\n`), 0);
  if (place < 0 || output === '-') return (await context.out(content), 0);
  return save(context, output, content, context.args.includes('-c'));
}

export const fetchPrograms: readonly Program[] = [{ path: '/usr/bin/curl', run: curl }, { path: '/usr/bin/wget', run: wget }];
