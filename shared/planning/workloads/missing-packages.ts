/** What a load is looked for by → the packages that bring it: of Debian and Ubuntu, and of Red Hat's family where it is named otherwise there. */
const packages: Readonly<Record<string, readonly [debian: string, redHat: string]>> = {
  'stress-ng': ['stress-ng', 'stress-ng'],
  make: ['build-essential', 'make'],
  gcc: ['build-essential', 'gcc'],
  'libelf.h': ['libelf-dev', 'elfutils-libelf-devel'],
  'openssl/opensslv.h': ['libssl-dev', 'openssl-devel'],
  xz: ['xz-utils', 'xz'],
  setsid: ['util-linux', 'util-linux'],
  nproc: ['coreutils', 'coreutils'],
  awk: ['mawk', 'gawk'],
};

/** Packages for tools and headers that a board lacks, in one line. What is not known here is called as it is. */
export function missingForWorkload(missing: readonly string[]): string {
  const of = (family: 0 | 1): string => [...new Set(missing.map((name) => (Object.hasOwn(packages, name) ? packages[name] : undefined)?.[family] ?? name))].join(' ');
  const [debian, redHat] = [of(0), of(1)];
  return debian === redHat ? debian : `${debian} (on Red Hat’s family: ${redHat})`;
}
