import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Action, Content, Generator, TargetState } from '../model/plan.ts';
import { shellQuote } from './export/shell-words.ts';

/** What a step comes to, for reading: the command a person would type, and what changes in a file or a definition as a unified diff. */
export interface StepDescription { readonly command: string; readonly diff: string | null }

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** Work a diff may cost before it is left out. */
const longestDiff = 4000;

const generatorCommands: Readonly<Record<Generator, string>> = {
  'update-grub': 'update-grub', initramfs: 'update-initramfs -u', 'daemon-reload': 'systemctl daemon-reload', 'udev-reload': 'udevadm control --reload',
};

/** The text is never run: scripts of ours do the work, with their arguments as data. Total. `before`: null when not known. */
export function describeStep(action: Action, before: TargetState | null): StepDescription {
  return { command: commandOf(action), diff: diffOf(action, before) };
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
    case 'domain': return action.xml === null ? `virsh undefine --keep-nvram -- ${word(action.name)}` : 'virsh define --validate NEW.xml';
    case 'network': return networkCommand(action);
    case 'group-member': return `gpasswd ${action.member ? '-a' : '-d'} ${action.user} ${action.group}`;
    case 'schemata': return `echo ${word(action.line)} > /sys/fs/resctrl/schemata`;
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

function networkCommand({ name, xml, active, autostart, undefine }: Of<'network'>): string {
  if (undefine === true) return `virsh net-destroy ${name}; virsh net-undefine ${name}`;
  return [
    ...(xml === null ? [] : ['virsh net-define --validate NEW.xml']), `virsh net-autostart ${autostart ? '' : '--disable '}${name}`, `virsh net-${active ? 'start' : 'destroy'} ${name}`,
  ].join(' && ');
}

function packagesCommand({ install, remove, source }: Of<'packages'>): string {
  const from = { board: '', laptop: '   # through this computer', folder: '   # from files of this computer' }[source.kind];
  const parts = [...(install.length === 0 ? [] : [`install ${install.join(' ')}`]), ...(remove.length === 0 ? [] : [`remove ${remove.join(' ')}`])];
  return parts.length === 0 ? ':' : `${parts.map((part) => `apt-get ${part}`).join(' && ')}${from}`;
}

const argumentsOf = (option: string, words: readonly string[]): string[] => (words.length === 0 ? [] : [`--${option}=${word(words.join(' '))}`]);

/** What becomes of a file, a VM's definition or a network's; null for what is no text. */
function diffOf(action: Action, before: TargetState | null): string | null {
  switch (action.kind) {
    case 'file': {
      const old = before?.kind === 'file' ? before.content : null;
      return isText(old) && isText(action.content) ? unifiedDiff(action.path, old?.data ?? null, action.content?.data ?? null) : null;
    }
    case 'domain': return unifiedDiff(`${action.name}.xml`, before?.kind === 'domain' ? before.xml : null, action.xml);
    case 'network': {
      const old = before?.kind === 'network' ? before.xml : null;
      return action.xml === null && action.undefine !== true ? null : unifiedDiff(`${action.name}.xml`, old, action.xml);
    }
    default: return null;
  }
}

function unifiedDiff(name: string, old: string | null, text: string | null): string | null {
  if ((old ?? '') === (text ?? '')) return null;
  const [from, to] = [old === null ? '/dev/null' : name, text === null ? '/dev/null' : name];
  return createTwoFilesPatch(from, to, old ?? '', text ?? '', undefined, undefined, { context: 3, maxEditLength: longestDiff, headerOptions: FILE_HEADERS_ONLY }) ?? null;
}

const isText = (content: Content | null): boolean => content === null || content.encoding === 'utf8';

/** As it is where a shell takes it so, else quoted. */
const word = (text: string): string => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : shellQuote(text));
