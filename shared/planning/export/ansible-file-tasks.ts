import type { Action } from '../../model/plan.ts';
import type { StepTasks, Task } from './ansible-task.ts';
import { AsItIs } from './as-it-is.ts';
import { bytesOf, expectedFile, generatorsAfter, isPlainText, plainMode } from './exported-steps.ts';
import { toBase64 } from './utf8-bytes.ts';

type FileAction = Extract<Action, { kind: 'file' }>;

/** Folders that every machine has; others are made. */
const usualFolders = new Set(['/etc', '/etc/default', '/etc/grub.d', '/etc/sysctl.d', '/etc/modprobe.d', '/etc/modules-load.d', '/etc/tmpfiles.d', '/etc/udev/rules.d', '/etc/systemd/system', '/boot/grub', '/boot/grub2']);

/** Puts a file in place or takes it away, after a look at what is there. */
export function fileTasks(given: StepTasks, action: FileAction): Task[] {
  const generators = generatorsAfter(given.steps, given.step);
  const notify = generators.length === 0 ? {} : { notify: [...generators] };
  const guard = guardTasks(given, action);
  if (action.content === null) return [...guard, ...removalTasks(given, action, notify)];
  const folder = action.path.slice(0, action.path.lastIndexOf('/')) || '/';
  const made = usualFolders.has(folder) ? [] : [{ name: `${given.name}: its folder`, 'ansible.builtin.file': { path: new AsItIs(folder), state: 'directory' }, register: `${given.register}_folder` }];
  // In a rehearsal a folder that is not there yet has not been made.
  const when = made.length === 0 ? {} : { when: `not (ansible_check_mode and ${given.register}_folder is changed)` };
  const written: Task = isPlainText(action.content)
    ? { 'ansible.builtin.copy': { dest: new AsItIs(action.path), content: new AsItIs(action.content.data), mode: `0${plainMode(action.mode)}`, ...ownerOf(action), backup: true }, ...when }
    : binaryTask(action, toBase64(bytesOf(action.content)), given.register);
  return [...guard, ...made, { name: given.name, ...written, register: given.register, ...notify }];
}

function ownerOf({ owner }: FileAction): Task {
  const [user, group] = owner?.split(':') ?? [];
  return user === undefined || group === undefined ? {} : { owner: user, group };
}

/** Refuses to replace what nobody has looked at when the plan was made. */
function guardTasks({ name, register, step, sha256 }: StepTasks, action: FileAction): Task[] {
  const expected = expectedFile(step, sha256);
  if (expected.kind === 'any') return [];
  const accepted = [
    ...(expected.kind === 'known' ? [expected.sha256] : ['']),
    ...(action.content === null ? [''] : [sha256(bytesOf(action.content))]),
  ];
  return [
    { name: `${name}: look at what is there`, 'ansible.builtin.stat': { path: new AsItIs(action.path), checksum_algorithm: 'sha256' }, register: `${register}_seen` },
    {
      name: `${name}: it is as it was when the plan was made, or done`,
      'ansible.builtin.assert': {
        that: `rtvm_bench_even_if_changed | bool or ${register}_seen.stat.checksum | default('') in rtvm_bench_known`, quiet: true,
        fail_msg: 'The file is not what it was when the plan was made. Look at it; -e rtvm_bench_even_if_changed=true replaces it all the same.',
      },
      vars: { rtvm_bench_known: [...new Set(accepted)] },
    },
  ];
}

function removalTasks({ plan, name, register }: StepTasks, { path }: FileAction, notify: Task): Task[] {
  return [
    { name: `${name}: is it there`, 'ansible.builtin.stat': { path: new AsItIs(path), get_checksum: false }, register: `${register}_there` },
    { name: `${name}: keep it as it was`, 'ansible.builtin.copy': { src: new AsItIs(path), dest: new AsItIs(`${path}.${plan.id}~`), remote_src: true, mode: 'preserve' }, when: `${register}_there.stat.exists` },
    { name, 'ansible.builtin.file': { path: new AsItIs(path), state: 'absent' }, register, ...notify },
  ];
}

/** Ansible writes text only; bytes go through base64. Nothing of the plan is part of the shell text. */
function binaryTask(action: FileAction, data: string, register: string): Task {
  const text = [
    'set -eu', 'new=$(mktemp)', `trap 'rm -f "$new"' EXIT`, 'base64 -d >"$new"', 'if [ -f "$TARGET" ] && cmp -s "$new" "$TARGET"; then exit 0; fi',
    'if [ -e "$TARGET" ]; then cp -p "$TARGET" "$TARGET.before~"; fi', 'cp "$new" "$TARGET.new~"', 'chmod "$MODE" "$TARGET.new~"', 'mv "$TARGET.new~" "$TARGET"', 'echo written',
  ].join('\n');
  return { 'ansible.builtin.shell': { cmd: `${text}\n`, stdin: data }, environment: { TARGET: new AsItIs(action.path), MODE: plainMode(action.mode) }, changed_when: `'written' in ${register}.stdout_lines` };
}
