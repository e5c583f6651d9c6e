import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';

/** One file of the built user interface. */
export interface RendererFile {
  readonly contentType: string;
  readonly cacheControl: string;
  readonly body: Buffer<ArrayBuffer>;
}

/** Every file of the built user interface, by URL path ("/index.html"). */
export type RendererFiles = ReadonlyMap<string, RendererFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/**
 * Reads the built user interface once. What is served is looked up in this map alone, so that no path a page asks for
 * ever reaches the disk. Errors: `file-unreadable` when it has not been built.
 */
export async function loadRendererFiles(directory: string): Promise<RendererFiles> {
  const files = new Map<string, RendererFile>();
  for (const path of await listFiles(directory)) {
    const contentType = contentTypes[extname(path)];
    if (contentType === undefined) continue;
    const urlPath = `/${relative(directory, path).split(sep).join('/')}`;
    files.set(urlPath, { contentType, cacheControl: cacheControl(urlPath), body: await readFile(path) });
  }
  if (!files.has('/index.html')) throw notBuilt(directory);
  return files;
}

/** The file of a URL path; "/" is the page itself. undefined when there is none. */
export const findRendererFile = (files: RendererFiles, path: string): RendererFile | undefined =>
  files.get(path === '/' ? '/index.html' : path);

/** File names under /assets/ carry a hash of their content. */
const cacheControl = (urlPath: string) => (urlPath.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store');

async function listFiles(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    throw notBuilt(directory);
  }
}

const notBuilt = (directory: string) =>
  new CodedError('file-unreadable', `The user interface is not in ${directory}.`, { next: 'Build it with npm start, or install RTVM Bench again.' });
