import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../../../shared/report/report-content.ts';
import { temporarySuffix } from '../project/atomic-write.ts';

/** Folders that a report does not rest on: earlier reports, what was taken out and what could not be read. */
const leftOut = ['reports', 'removed', 'quarantine'];

/** Photos are called by their hash. */
const nameAsHash = /^attachments\/([0-9a-f]{64})\.[a-z]{3,4}$/;

/** Every file of the project with its hash, in the order of names. `recorded` gives the hash written down for a file, by its path in the project. */
export async function evidenceOf(projectDirectory: string, recorded: ReadonlyMap<string, string>): Promise<Evidence[]> {
  const files = await filesIn(projectDirectory, '');
  const evidence: Evidence[] = [];
  for (const file of files.sort()) {
    const path = join(projectDirectory, file);
    const sha256 = await sha256Of(path);
    const known = recorded.get(file) ?? nameAsHash.exec(file)?.[1];
    evidence.push({ file, sizeBytes: (await stat(path)).size, sha256, agrees: known === undefined ? null : known === sha256 });
  }
  return evidence;
}

/** Paths with slashes, whatever the system writes; no links, nothing hidden. */
async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name.endsWith(temporarySuffix) || (folder === '' && leftOut.includes(entry.name))) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...await filesIn(root, path));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
