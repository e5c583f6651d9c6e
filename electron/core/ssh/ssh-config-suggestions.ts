import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import SSHConfig, { LineType } from 'ssh-config';
import type { BoardSuggestion } from '../../../shared/contract/methods.ts';
import { matchesGlob } from '../../../shared/parsers/known-hosts.ts';
import { suggestFromSshConfig } from '../../../shared/parsers/ssh-config-suggestion.ts';
import type { SshConfigDirective } from '../../../shared/parsers/ssh-config-directives.ts';
import { agentAddresses } from './agent.ts';

/**
 * The hosts of an ssh_config file (default: the user's) as suggestions. Include is followed one level. Only reads:
 * nothing of the file is ever run, neither ProxyCommand nor "Match exec". A file that is not there gives none.
 */
export const sshConfigSuggestions = async (file = join(homedir(), '.ssh', 'config')): Promise<BoardSuggestion[]> => {
  const directives = await readDirectives(file, [], dirname(file), 1);
  return suggestFromSshConfig(directives, {
    user: userInfo().username, home: homedir(), hasAgent: agentAddresses(process.env, process.platform).length > 0, fileExists: existsSync,
  });
};

const readDirectives = async (file: string, outer: ReadonlyArray<readonly string[]>, root: string, includesLeft: number): Promise<SshConfigDirective[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  const directives: SshConfigDirective[] = [];
  let when = outer;
  for (const line of text.split(/\r?\n/)) {
    const directive = parseLine(line);
    if (directive === null) continue;
    const { keyword, values } = directive;
    if (keyword === 'host') {
      when = [...outer, values];
      // A host with nothing under it is still a name.
      directives.push({ keyword, values, when });
    } else if (keyword === 'match') {
      const patterns = matchPatterns(values);
      when = [...outer, patterns];
      if (patterns.length === 0) directives.push({ keyword, values, when: outer });
    } else if (keyword === 'include') {
      if (includesLeft === 0) continue;
      for (const included of (await Promise.all(values.map((pattern) => expandInclude(pattern, root)))).flat()) {
        directives.push(...await readDirectives(included, when, root, includesLeft - 1));
      }
    } else {
      directives.push({ keyword, values, when });
    }
  }
  return directives;
};

/** Lines are parsed one by one: a line that is not understood costs itself alone. */
const parseLine = (line: string): { keyword: string; values: string[] } | null => {
  if (!/^\s*[A-Za-z]+(\s*=\s*|\s+)\S/.test(line)) return null;
  try {
    const node = SSHConfig.parse(line.trim())[0];
    if (node === undefined || node.type !== LineType.DIRECTIVE) return null;
    const values = (typeof node.value === 'string' ? [node.value] : node.value.map(({ val }) => val)).filter((value) => value !== '');
    return values.length === 0 ? null : { keyword: node.param.toLowerCase(), values };
  } catch {
    return null;
  }
};

/** "Match all" and "Match host PATTERNS" are understood; what stands under another never holds here. */
const matchPatterns = (values: readonly string[]): readonly string[] => {
  const [criterion = '', patterns = ''] = values;
  if (values.length === 1 && criterion.toLowerCase() === 'all') return ['*'];
  if (values.length === 2 && ['host', 'originalhost'].includes(criterion.toLowerCase())) return patterns.split(',');
  return [];
};

const expandInclude = async (pattern: string, root: string): Promise<string[]> => {
  const home = pattern.startsWith('~/') ? join(homedir(), pattern.slice(2)) : pattern;
  const path = isAbsolute(home) ? home : join(root, home);
  if (!/[*?]/.test(path)) return [path];
  const directory = dirname(path);
  if (/[*?]/.test(directory)) return [];
  const names = await readdir(directory).catch((): string[] => []);
  return names.filter((name) => !name.startsWith('.') && matchesGlob(basename(path), name)).sort().map((name) => join(directory, name));
};
