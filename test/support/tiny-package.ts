import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TinyPackage {
  readonly name: string;
  readonly version?: string;
  readonly depends?: string;
  /** Text of a script of the package, run when it is configured. */
  readonly afterInstall?: string;
  /** The same, run when it has been removed. */
  readonly afterRemoval?: string;
}

/** A folder with .deb files that hold nothing but their names, made by dpkg-deb. */
export const makePackageFolder = (packages: readonly TinyPackage[]): { readonly directory: string; remove(): void } => {
  const directory = mkdtempSync(join(tmpdir(), 'rtvm-debs-'));
  for (const { name, version = '1.0', depends, afterInstall, afterRemoval } of packages) {
    const tree = mkdtempSync(join(tmpdir(), 'rtvm-deb-'));
    mkdirSync(join(tree, 'DEBIAN'), { mode: 0o755 });
    const control = ['Package: ' + name, 'Version: ' + version, 'Architecture: all', 'Maintainer: Tests <tests@example.invalid>', ...(depends === undefined ? [] : ['Depends: ' + depends]), 'Description: nothing', ''];
    writeFileSync(join(tree, 'DEBIAN', 'control'), control.join('\n'));
    if (afterInstall !== undefined) writeFileSync(join(tree, 'DEBIAN', 'postinst'), `#!/bin/sh\n${afterInstall}\n`, { mode: 0o755 });
    if (afterRemoval !== undefined) writeFileSync(join(tree, 'DEBIAN', 'postrm'), `#!/bin/sh\n${afterRemoval}\n`, { mode: 0o755 });
    execFileSync('dpkg-deb', ['--build', tree, join(directory, `${name}_${version}_all.deb`)], { stdio: 'pipe' });
    rmSync(tree, { recursive: true, force: true });
  }
  return { directory, remove: () => { rmSync(directory, { recursive: true, force: true }); } };
};

/** Takes packages off this machine whatever state they are in. */
export const purgePackages = (...names: string[]): void => {
  execFileSync('dpkg', ['--purge', '--force-all', ...names], { stdio: 'pipe' });
};

/** `STATE VERSION` of a package of this machine as dpkg has it; empty when it knows nothing of it. */
export const dpkgState = (name: string): string => {
  try {
    return execFileSync('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Version}', name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  } catch {
    return '';
  }
};

/** Version of an installed package of this machine; null when it is not installed. */
export const installedVersion = (name: string): string | null => {
  const [state, version = ''] = dpkgState(name).split(' ');
  return state === 'installed' ? version : null;
};
