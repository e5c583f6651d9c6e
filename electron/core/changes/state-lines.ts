import { createHash } from 'node:crypto';
import type { Action, Content, TargetState } from '../../../shared/model/plan.ts';
import { formatSchemataLine, parseSchemataLine, resourceOf } from '../../../shared/planning/change/schemata-line.ts';

/** The kinds of actions that the scripts on the board carry out; the others have executors of their own. */
export type ScriptAction = Extract<Action, { kind: 'file' | 'value' | 'unit' | 'module' | 'generate' | 'kernel-arguments' | 'boot-once' | 'firmware-attribute' | 'domain' | 'network' | 'group-member' | 'schemata' }>;

export const isScriptAction = (action: Action): action is ScriptAction => !['packages', 'redfish', 'restart'].includes(action.kind);

/** What change-read.sh and change-step.sh are asked about: the words after KIND. */
export function targetArgument(action: ScriptAction): string {
  switch (action.kind) {
    case 'file': case 'value': return action.path;
    case 'unit': return action.unit;
    case 'module': return action.module;
    case 'generate': return action.generator;
    case 'firmware-attribute': return `${action.driver}/${action.attribute}`;
    case 'kernel-arguments': case 'boot-once': return '-';
    case 'domain': case 'network': return action.name;
    case 'group-member': return `${action.user}:${action.group}`;
    case 'schemata': return resourceOf(action.line);
  }
}

/** What change-step.sh is given after the target: see there. */
export function stepArguments(action: ScriptAction, ownerNow: string | null): string[] {
  switch (action.kind) {
    case 'file': return action.content === null ? ['absent'] : ['present', bytesOf(action.content).toString('base64'), action.mode, action.owner ?? ownerNow ?? '0:0'];
    case 'value': return [action.value];
    case 'unit': return [yesNo(action.enabled), yesNo(action.active)];
    case 'module': return [action.loaded ? 'yes' : 'no'];
    case 'kernel-arguments': return [action.remove.join(' '), action.add.join(' ')];
    case 'boot-once': return [action.entry ?? ''];
    case 'firmware-attribute': return [action.value];
    case 'domain': return action.xml === null ? ['absent'] : ['present', base64(action.xml)];
    case 'network': return [action.undefine === true ? 'undefine' : action.xml === null ? 'keep' : 'define', base64(action.xml ?? ''), yesNo(action.active), yesNo(action.autostart)];
    case 'group-member': return [yesNo(action.member)];
    case 'schemata': return [action.line];
    case 'generate': return [];
  }
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const yesNo = (wanted: boolean | null) => (wanted === null ? '-' : wanted ? 'yes' : 'no');

/** A state line of the board's scripts; null when it is none of this kind. */
export function parseStateLine(kind: ScriptAction['kind'], line: string): TargetState | null {
  const [word, first = '', second = '', third = '', fourth = ''] = line.split(' ');
  if (word !== kind) return null;
  switch (kind) {
    case 'file':
      if (first === 'absent' || first === 'link' || first === 'other') return { kind, is: first, content: null, mode: null, owner: null };
      return first === 'regular' ? { kind, is: 'regular', ...modeAndOwner(line), content: contentOf(Buffer.from(line.split(' ')[4] ?? '', 'base64')) } : null;
    case 'value': return { kind, value: first === 'is' ? textIn(second) : null };
    case 'unit': return { kind, enabled: first, active: second };
    case 'module': return { kind, loaded: first === 'yes' };
    case 'generate': return { kind };
    case 'kernel-arguments': return { kind, entries: grubbyEntries(textIn(first)) };
    case 'boot-once': return { kind, entry: first === 'is' ? textIn(second) : null };
    case 'firmware-attribute': return { kind, pending: first === '1', value: second === 'is' ? textIn(third) : null };
    case 'domain': return first === 'is' ? { kind, xml: textIn(second) } : first === 'absent' ? { kind, xml: null } : null;
    case 'network':
      if (first === 'absent') return { kind, xml: null, active: false, autostart: false };
      return first === 'is' ? { kind, xml: second === '-' ? null : textIn(second), active: third === 'yes', autostart: fourth === 'yes' } : null;
    case 'group-member': return { kind, member: first === 'yes' };
    case 'schemata': {
      const line = first === 'is' ? parseSchemataLine(textIn(second)) : null;
      return { kind, line: line === null ? null : formatSchemataLine(line) };
    }
  }
}

const textIn = (base64Text: string): string => Buffer.from(base64Text, 'base64').toString('utf8');

function modeAndOwner(line: string): { mode: string; owner: string } {
  const [, , mode = '', owner = ''] = line.split(' ');
  return { mode, owner };
}

/** SHA-256 of the line that the board's script prints for a file, a value or a definition in this state; null where it cannot be told. */
export function stateLineSha256(state: TargetState): string | null {
  const line = stateLine(state);
  return line === null ? null : createHash('sha256').update(line).digest('hex');
}

function stateLine(state: TargetState): string | null {
  if (state.kind === 'value') return state.value === null ? 'value absent' : `value is ${Buffer.from(state.value, 'utf8').toString('base64')}`;
  if (state.kind === 'domain') return state.xml === null ? 'domain absent' : `domain is ${base64(state.xml)}`;
  if (state.kind === 'network') {
    const { xml, active, autostart } = state;
    return xml === null && !active && !autostart ? 'network absent' : `network is ${xml === null ? '-' : base64(xml)} ${yesNo(active)} ${yesNo(autostart)}`;
  }
  if (state.kind === 'group-member') return `group-member ${yesNo(state.member)}`;
  if (state.kind !== 'file') return null;
  return state.is === 'regular' && state.content ? `file regular ${state.mode ?? ''} ${state.owner ?? ''} ${bytesOf(state.content).toString('base64')}` : `file ${state.is}`;
}

export const bytesOf = ({ encoding, data }: Content): Buffer => Buffer.from(data, encoding);

/** Text where the bytes are UTF-8 and come out of it unchanged. */
export function contentOf(bytes: Buffer): Content {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? { encoding: 'utf8', data: text } : { encoding: 'base64', data: bytes.toString('base64') };
}

/** `grubby --info=ALL`: blocks that begin with index=. */
function grubbyEntries(text: string): Array<{ kernel: string; args: string }> {
  return text.split(/^index=/m).slice(1).map((block) => ({ kernel: quoted(block, 'kernel'), args: quoted(block, 'args') }));
}

const quoted = (block: string, key: string) => (new RegExp(`^${key}="?(.*?)"?$`, 'm').exec(block)?.[1] ?? '');
