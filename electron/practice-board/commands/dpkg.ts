import { ownerOf } from '../linux/packages.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

/** dpkg-query, and dpkg where it hands on to it. */
async function dpkgQuery(context: ProgramContext): Promise<number> {
  if (context.name === 'dpkg' && context.args.includes('--print-architecture')) return (await context.out('amd64\n'), 0);
  const { options, operands } = parseOptions(context.args, { short: 'W f: l s S L', long: { show: 'W', showformat: 'f:', list: 'l', status: 's', search: 'S', listfiles: 'L' } });
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const { packages } = context.linux;
  let status = 0;
  if (has('S')) {
    for (const path of operands) {
      const owner = ownerOf(context.linux, path);
      if (owner === undefined) status = (await context.err(`dpkg-query: no path found matching pattern ${path}\n`), 1);
      else await context.out(`${owner}: ${path}\n`);
    }
    return status;
  }
  const format = options.find(({ name }) => name === 'f')?.value ?? '${Package}\\t${Version}\\n';
  for (const wanted of operands.length === 0 ? packages.keys() : operands) {
    const plain = wanted.replace(/:(?:amd64|all|any)$/, '');
    const pattern = new RegExp(`^${plain.replace(/[.+^$()|[\]\\{}]/g, '\\$&').replaceAll('*', '.*')}$`);
    const found = [...packages].filter(([name]) => name === plain || pattern.test(name));
    if (found.length === 0) status = (await context.err(has('s') ? `dpkg-query: package '${wanted}' is not installed and no information is available\n` : `dpkg-query: no packages found matching ${wanted}\n`), 1);
    for (const [name, version] of found) {
      const fields: Readonly<Record<string, string>> = { Package: name, 'binary:Package': name, Version: version, Status: 'install ok installed', 'db:Status-Status': 'installed', 'db:Status-Abbrev': 'ii ', Architecture: 'amd64' };
      await context.out(has('l') ? `ii  ${name.padEnd(30)} ${version.padEnd(24)} amd64\n`
        : has('s') ? `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\n`
          : format.replace(/\$\{([^};]+)(?:;-?\d+)?\}/g, (_all, field: string) => fields[field] ?? '').replaceAll('\\n', '\n').replaceAll('\\t', '\t'));
    }
  }
  return status;
}

export const dpkgPrograms: readonly Program[] = [{ path: '/usr/bin/dpkg-query', run: dpkgQuery }, { path: '/usr/bin/dpkg', run: dpkgQuery }];
