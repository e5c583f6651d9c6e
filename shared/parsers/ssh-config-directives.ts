import { matchesGlob } from './known-hosts.ts';

/** One line of an ssh_config(5) file that says something, with the Host and Match lines it stands under. */
export interface SshConfigDirective {
  /** Lower case. */
  readonly keyword: string;
  readonly values: readonly string[];
  /** Pattern lists that must all match the name the user types; none for a line that holds for every host. */
  readonly when: ReadonlyArray<readonly string[]>;
}

/** What holds for one name: the first value of each keyword wins, as in ssh_config(5); IdentityFile collects. */
export type SshConfigOptions = ReadonlyMap<string, readonly string[]>;

export const resolveSshConfig = (directives: readonly SshConfigDirective[], name: string): SshConfigOptions => {
  const options = new Map<string, readonly string[]>();
  for (const { keyword, values, when } of directives) {
    if (!when.every((patterns) => matchesPatternList(patterns, name))) continue;
    const before = options.get(keyword);
    if (before === undefined) options.set(keyword, values);
    else if (keyword === 'identityfile') options.set(keyword, [...before, ...values]);
  }
  return options;
};

/** Names that can be typed: patterns of Host lines without a wildcard or negation, in the order of the file. */
export const sshConfigNames = (directives: readonly SshConfigDirective[]): string[] => {
  const names = directives.flatMap(({ when }) => when.flat()).filter((pattern) => /^[^*?!\s,]+$/.test(pattern));
  return [...new Set(names)];
};

/** A negated pattern that matches decides, wherever it stands. */
const matchesPatternList = (patterns: readonly string[], name: string): boolean => {
  const lower = name.toLowerCase();
  let positive = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!matchesGlob((negated ? pattern.slice(1) : pattern).toLowerCase(), lower)) continue;
    if (negated) return false;
    positive = true;
  }
  return positive;
};
