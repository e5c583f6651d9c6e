import type { Capture } from '../../parsers/capture.ts';
import { pathsBelow } from './paths-below.ts';
import type { Persistent } from './live-value.ts';

interface Write { readonly file: string; readonly pattern: RegExp; readonly value: string; readonly evidence: string }

const known = new WeakMap<Capture, Write[]>();

/** Where a start writes a value into a file of /proc or /sys: `w` lines of tmpfiles.d, and rc.local. Null values: nothing does. */
export function bootWriteTo(capture: Capture, path: string): Persistent & { readonly file: string | null } {
  const found = writesOf(capture).find(({ pattern }) => pattern.test(path));
  return found ? { value: found.value, evidence: found.evidence, file: found.file } : { value: null, evidence: null, file: null };
}

/** A line of a start file that names a path; null when none does. */
export function lineNaming(capture: Capture, path: string): { readonly file: string; readonly evidence: string } | null {
  for (const file of [...rcFiles, '/etc/sysctl.conf', ...pathsBelow(capture, '/etc/tmpfiles.d'), ...pathsBelow(capture, '/etc/sysctl.d')]) {
    const line = capture.lines(file)?.find((candidate) => !/^\s*[#;]/.test(candidate) && candidate.includes(path));
    if (line !== undefined) return { file, evidence: `${file}: ${line.trim()}` };
  }
  return null;
}

const rcFiles = ['/etc/rc.local', '/etc/rc.d/rc.local'];

/** tmpfiles.d: sorted by file name, and of two lines for one path the first counts. Source: tmpfiles.d(5). rc.local runs later and wins. */
function writesOf(capture: Capture): Write[] {
  const before = known.get(capture);
  if (before) return before;
  const lines = (files: readonly string[]) => [...files].sort().flatMap((file) => (capture.lines(file) ?? []).map((line) => ({ file, line: line.trim() })));
  const writes: Write[] = [];
  for (const { file, line } of lines(rcFiles)) {
    const [, value, path] = /^(?:echo|printf)\s+(?:-n\s+)?(?:'%s\\n'\s+)?["']?([^"'>\s]+)["']?\s*>+\s*(\/(?:proc|sys)\/\S+)$/.exec(line) ?? [];
    if (value !== undefined && path !== undefined) writes.unshift({ file, pattern: globPattern(path), value, evidence: `${file}: ${line}` });
  }
  for (const { file, line } of lines(pathsBelow(capture, '/etc/tmpfiles.d'))) {
    const [type = '', path = '', , , , , ...rest] = line.split(/\s+/);
    if (/^w[!+-]*$/.test(type) && path.startsWith('/')) writes.push({ file, pattern: globPattern(path.replaceAll('%%', '%')), value: rest.join(' ').replaceAll('%%', '%'), evidence: `${file}: ${line}` });
  }
  known.set(capture, writes);
  return writes;
}

const globPattern = (glob: string) => new RegExp(`^${glob.slice(0, 500).replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '[^/]*').replaceAll('?', '[^/]')}$`);
