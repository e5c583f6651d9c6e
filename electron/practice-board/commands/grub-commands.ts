import { diskText } from '../linux/disk-text.ts';
import { addedScripts, grubDropIns, writeGrubConfig } from '../linux/grub.ts';
import { environmentOf, grubFolder, writeEnvironment } from '../linux/grub-menu.ts';
import { initrdName, installedReleases, loaderEntryPaths } from '../linux/kernels.ts';
import { TreeBuilder } from '../linux/tree-builder.ts';
import { captureOutput } from './capture-output.ts';
import { parseOptions } from './options.ts';
import type { Program, ProgramContext } from './program.ts';

/** Prints GRUB's variables as the files give them, the way grub-mkconfig takes them in. */
const readVariables = 'set -e\nfor file do . "$file"; done\nset | sed -n "s/^\\(GRUB_[A-Z_]*\\)=.*/\\1/p" | while read -r name; do eval "printf \'%s=%s\\n\' \\"\\$name\\" \\"\\$$name\\""; done';

/** update-grub and grub-mkconfig: the files of /etc/default are run as the shell scripts they are, and so are those of /etc/grub.d. */
async function updateGrub(context: ProgramContext): Promise<number> {
  const { linux } = context;
  const { options } = parseOptions(context.args, { short: 'o: h V', long: { output: 'o:' } });
  const output = options.find(({ name }) => name === 'o')?.value;
  if (context.process.uid !== 0) return (await context.err('grub-mkconfig: You must run this as root\n'), 1);
  if (linux.spec.boot.loader === 'bls' && context.name !== 'grub2-mkconfig') return context.fail('command not found', 127);
  const files = ['/etc/default/grub', ...grubDropIns(linux)];
  const read = await captureOutput(context, ['sh', '-c', readVariables, '/usr/sbin/grub-mkconfig', ...files]);
  if (read.status !== 0) return 2;
  await context.err('Generating grub configuration file ...\n');
  if (linux.spec.boot.loader === 'bls') return (await context.err('Adding boot menu entry for UEFI Firmware Settings ...\ndone\n'), 0);
  const variables = new Map([...read.text.matchAll(/^(GRUB_\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
  const printed = new Map<string, string>();
  for (const name of addedScripts(linux)) {
    const { status, text } = await captureOutput(context, [`/etc/grub.d/${name}`]);
    if (status !== 0) return status;
    printed.set(name, text);
  }
  for (const release of installedReleases(linux)) await context.err(`Found linux image: /boot/vmlinuz-${release}\nFound initrd image: /boot/${initrdName(linux, release)}\n`);
  if (output === undefined && context.name !== 'update-grub') return (await context.err('done\n'), 0);
  writeGrubConfig(linux, { variables, printed });
  await context.err('done\n');
  return 0;
}

/** grub-reboot and grub-set-default: whatever the name is, even that of no entry. */
const setEntry = (key: string) => async (context: ProgramContext): Promise<number> => {
  if (context.process.uid !== 0) return (await context.err(`${context.name}: error: cannot open the environment block: Permission denied.\n`), 1);
  const entry = context.args.at(-1);
  if (entry === undefined) return context.fail('More than one menu entry?');
  const values = environmentOf(context.linux);
  values.set(key, entry);
  writeEnvironment(context.linux, values);
  return 0;
};

async function editEnvironment(context: ProgramContext): Promise<number> {
  const { operands } = parseOptions(context.args, { short: 'v h', long: { verbose: 'v' } });
  const commands = ['create', 'list', 'set', 'unset'];
  const [command = '', ...words] = commands.includes(operands[0] ?? '') ? operands : operands.slice(1);
  const values = environmentOf(context.linux);
  if (command === 'list') {
    await context.readFile(`${grubFolder(context.linux)}/grubenv`);
    await context.out([...values].map(([name, value]) => `${name}=${value}\n`).join(''));
    return 0;
  }
  if (!commands.includes(command)) return context.fail(`error: unknown command \`${command}'.`);
  if (context.process.uid !== 0) return context.fail(`error: cannot open \`${grubFolder(context.linux)}/grubenv.new': Permission denied.`);
  if (command === 'create') values.clear();
  for (const word of words) {
    if (command === 'unset') values.delete(word);
    else if (word.includes('=')) values.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
    else return context.fail(`error: invalid parameter ${word}.`);
  }
  writeEnvironment(context.linux, values);
  return 0;
}

const key = (word: string): string => word.split('=')[0] ?? word;
const wordsOf = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

/** grubby, as it works on files of the Boot Loader Specification. */
async function grubby(context: ProgramContext): Promise<number> {
  const { options, problem } = parseOptions(context.args, { short: '', long: { 'update-kernel': 'k:', args: 'a:', 'remove-args': 'r:', info: 'i:', 'default-kernel': 'd', 'default-index': 'n', 'set-default': 's:', copy: 'copy', 'no-etc-grub-update': 'no-etc' } });
  if (problem !== undefined) return context.fail(problem);
  const value = (name: string): string | undefined => options.find((option) => option.name === name)?.value;
  const { linux } = context;
  const entries = loaderEntryPaths(linux).map((path, index) => ({ path, index, text: diskText(linux, path) }));
  const field = (text: string, name: string): string => new RegExp(`^${name}\\s+(.*?)\\s*$`, 'm').exec(text)?.[1] ?? '';
  const saved = environmentOf(linux).get('saved_entry') ?? '';
  const standing = entries.find(({ path }) => path.endsWith(`/${saved}.conf`)) ?? entries[0];
  const chosen = (which: string): typeof entries => (which === 'ALL' ? entries : which === 'DEFAULT' ? entries.filter((entry) => entry === standing) : entries.filter(({ text, index }) => `/boot${field(text, 'linux')}` === which || String(index) === which));
  const info = value('i');
  if (info !== undefined) {
    if (chosen(info).length === 0) return context.fail('The param provided is incorrect');
    for (const { index, text, path } of chosen(info)) {
      const words = wordsOf(field(text, 'options'));
      const root = words.find((word) => word.startsWith('root='))?.slice(5) ?? '';
      await context.out(`index=${index}\nkernel="/boot${field(text, 'linux')}"\nargs="${words.filter((word) => !word.startsWith('root=')).join(' ')}"\nroot="${root}"\ninitrd="/boot${field(text, 'initrd')}"\ntitle="${field(text, 'title')}"\nid="${path.replace(/^.*\/|\.conf$/g, '')}"\n`);
    }
    return 0;
  }
  if (options.some(({ name }) => name === 'd')) return (await context.out(`/boot${field(standing?.text ?? '', 'linux')}\n`), 0);
  if (options.some(({ name }) => name === 'n')) return (await context.out(`${standing?.index ?? 0}\n`), 0);
  if (context.process.uid !== 0) return (await context.err('The param /boot/loader/entries is not writable\n'), 1);
  const defaultKernel = value('s');
  if (defaultKernel !== undefined) {
    const [entry] = chosen(defaultKernel);
    if (entry === undefined) return context.fail('The param provided is incorrect');
    const values = environmentOf(linux);
    values.set('saved_entry', entry.path.replace(/^.*\/|\.conf$/g, ''));
    writeEnvironment(linux, values);
    return 0;
  }
  const targets = chosen(value('k') ?? '');
  if (targets.length === 0) return context.fail('The param provided is incorrect');
  const removed = wordsOf(value('r'));
  const added = wordsOf(value('a'));
  for (const { path, text } of targets) {
    const kept = wordsOf(field(text, 'options')).filter((word) => !removed.some((one) => one === word || (!one.includes('=') && one === key(word)))).filter((word) => !added.some((one) => key(one) === key(word)));
    new TreeBuilder(linux.files.root).text(path, text.replace(/^options\s+.*$/m, () => `options ${[...kept, ...added].join(' ')}`));
  }
  return 0;
}

const system = (name: string, run: Program['run']): Program => ({ path: `/usr/sbin/${name}`, run });

export const grubPrograms: readonly Program[] = [
  system('update-grub', updateGrub), system('grub-mkconfig', updateGrub), system('grub2-mkconfig', updateGrub), system('grub-reboot', setEntry('next_entry')), system('grub2-reboot', setEntry('next_entry')),
  system('grub-set-default', setEntry('saved_entry')), system('grub2-set-default', setEntry('saved_entry')), { path: '/usr/bin/grub-editenv', run: editEnvironment }, { path: '/usr/bin/grub2-editenv', run: editEnvironment }, system('grubby', grubby),
];
