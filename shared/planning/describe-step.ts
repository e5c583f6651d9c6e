import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Action, Content, Generator, TargetState } from '../model/plan.ts';
import { shellQuote } from './export/shell-words.ts';

/** What a step comes to, for reading: the command a person would type, and what changes in a file as a unified diff. */
export interface StepDescription { readonly command: string; readonly diff: string | null }

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** Work a diff may cost before it is left out. */
const longestDiff = 4000;

const generatorCommands: Readonly<Record<Generator, string>> = {
  'update-grub': 'update-grub', initramfs: 'update-initramfs -u', 'daemon-reload': 'systemctl daemon-reload', 'udev-reload': 'udevadm control --reload',
};

/** The text is never run: scripts of ours do the work, with their arguments as data. Total. `before`: null when not known. */
export function describeStep(action: Action, before: TargetState | null): StepDescription {
  return { command: commandOf(action), diff: action.kind === 'file' ? diffOf(action, before) : null };
}

function commandOf(action: Action): string {
  switch (action.kind) {
    case 'file': return action.content === null ? `rm ${word(action.path)}` : `install -m ${action.mode} NEW ${word(action.path)}`;
    case 'value': return valueCommand(action);
    case 'unit': return unitCommand(action);
    case 'module': return `modprobe ${action.loaded ? '' : '-r '}${action.module}`;
    case 'generate': return generatorCommands[action.generator];
    case 'packages': return packagesCommand(action);
    case 'kernel-arguments': return ['grubby --update-kernel=ALL', ...argumentsOf('remove-args', action.remove), ...argumentsOf('args', action.add)].join(' ');
    case 'boot-once': return action.entry === null ? 'grub-editenv - unset next_entry' : `grub-reboot ${word(action.entry)}`;
    case 'firmware-attribute': return `echo ${word(action.value)} > ${word(`/sys/class/firmware-attributes/${action.driver}/attributes/${action.attribute}/current_value`)}`;
    case 'redfish': return `curl -X PATCH https://BMC${word(`${action.system}/Bios/Settings`)} -d ${word(JSON.stringify({ Attributes: { [action.attribute]: action.value } }))}`;
    case 'restart': return 'systemctl reboot';
  }
}

function valueCommand({ path, value }: Of<'value'>): string {
  const name = path.startsWith('/proc/sys/') ? path.slice('/proc/sys/'.length) : null;
  if (name === null) return `echo ${word(value)} > ${word(path)}`;
  // A name with a dot in it, such as that of a VLAN, is told with slashes (sysctl(8)).
  return `sysctl -w ${word(`${name.includes('.') ? name : name.replaceAll('/', '.')}=${value}`)}`;
}

function unitCommand({ unit, enabled, active }: Of<'unit'>): string {
  if (enabled !== null && enabled === active) return `systemctl ${enabled ? 'enable' : 'disable'} --now ${unit}`;
  const parts = [...(enabled === null ? [] : [enabled ? 'enable' : 'disable']), ...(active === null ? [] : [active ? 'start' : 'stop'])];
  return parts.length === 0 ? `systemctl status ${unit}` : parts.map((verb) => `systemctl ${verb} ${unit}`).join(' && ');
}

function packagesCommand({ install, remove, source }: Of<'packages'>): string {
  const from = { board: '', laptop: '   # through this computer', folder: '   # from files of this computer' }[source.kind];
  const parts = [...(install.length === 0 ? [] : [`install ${install.join(' ')}`]), ...(remove.length === 0 ? [] : [`remove ${remove.join(' ')}`])];
  return parts.length === 0 ? ':' : `${parts.map((part) => `apt-get ${part}`).join(' && ')}${from}`;
}

const argumentsOf = (option: string, words: readonly string[]): string[] => (words.length === 0 ? [] : [`--${option}=${word(words.join(' '))}`]);

function diffOf({ path, content }: Of<'file'>, before: TargetState | null): string | null {
  const old = before?.kind === 'file' ? before.content : null;
  if (!isText(old) || !isText(content)) return null;
  if ((old?.data ?? '') === (content?.data ?? '')) return null;
  const [from, to] = [old === null ? '/dev/null' : path, content === null ? '/dev/null' : path];
  return createTwoFilesPatch(from, to, old?.data ?? '', content?.data ?? '', undefined, undefined, { context: 3, maxEditLength: longestDiff, headerOptions: FILE_HEADERS_ONLY }) ?? null;
}

const isText = (content: Content | null): boolean => content === null || content.encoding === 'utf8';

/** As it is where a shell takes it so, else quoted. */
const word = (text: string): string => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : shellQuote(text));
