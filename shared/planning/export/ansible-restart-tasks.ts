import { reading, shell, type StepTasks, type Task } from './ansible-task.ts';
import { AsItIs } from './as-it-is.ts';
import { nextStart } from './exported-steps.ts';

/** What a start must show to be the one asked for. */
interface Expected {
  readonly words: readonly string[];
  readonly kernelRelease: string | null;
}

export const readRunning: Task = { name: 'Read what runs now', 'ansible.builtin.command': { argv: ['cat', '/proc/cmdline', '/proc/sys/kernel/osrelease'] }, register: 'rtvm_bench_running', ...reading };

const cameBack = "rtvm_bench_words | difference(rtvm_bench_running.stdout_lines[0].split()) | length == 0 and rtvm_bench_release in ['', rtvm_bench_running.stdout_lines[1]]";

const expectedVars = (expected: Expected): Task => ({ rtvm_bench_words: [...expected.words], rtvm_bench_release: new AsItIs(expected.kernelRelease ?? '') });

const tellsItself = (expected: Expected | null): expected is Expected => expected !== null && (expected.words.length > 0 || expected.kernelRelease !== null);

const editenv = (words: string): string => `if command -v grub-editenv >/dev/null 2>&1; then grub-editenv ${words}; else grub2-editenv ${words}; fi`;

/** Chooses the entry of the next start only; not on a machine that already runs what that start would give. */
export function bootOnceTasks({ name, register, steps, step }: StepTasks, entry: string | null): Task[] {
  const start = nextStart(steps, step);
  const arm = [
    'set -eu', 'if [ -z "$ENTRY" ]; then', editenv('- unset next_entry'), 'elif command -v grub-reboot >/dev/null 2>&1; then grub-reboot "$ENTRY"; else grub2-reboot "$ENTRY"; fi',
    `kept=$(${editenv('list')} | sed -n 's/^next_entry=//p')`, 'if [ "$kept" != "$ENTRY" ]; then echo "the boot loader did not keep the entry" >&2; exit 1; fi',
  ].join('\n');
  const armed = `${register}_seen.stdout == '${entry ?? ''}'`;
  return [
    { name: `${name}: what is chosen`, ...shell(`${editenv('list')} | sed -n 's/^next_entry=//p'`), register: `${register}_seen`, ...reading },
    {
      name, ...shell(arm), environment: { ENTRY: entry ?? '' }, register,
      ...(entry !== null && tellsItself(start) ? { when: [`not (${armed})`, `not (${cameBack})`], vars: expectedVars(start) } : { when: `not (${armed})` }),
    },
  ];
}

/** Starts the machine again, only when told to and unless it has been done; says what has come of it. */
export function restartTasks({ name, steps, step }: StepTasks, expected: Expected, changedBefore: string): Task[] {
  const vars = expectedVars(expected);
  const needed = tellsItself(expected) ? `not (${cameBack})` : changedBefore;
  const isLast = steps.at(-1) === step;
  return [
    { name: `${name}: virtual machines that would end`, ...shell('command -v virsh >/dev/null 2>&1 || exit 0\nvirsh -c qemu:///system list --name'), register: 'rtvm_bench_machines', failed_when: false, ...reading, when: ['rtvm_bench_restart | bool', needed], vars },
    { name: `${name}: none runs`, 'ansible.builtin.assert': { that: "rtvm_bench_machines.stdout | trim == ''", fail_msg: 'Virtual machines run here and would end: {{ rtvm_bench_machines.stdout_lines }}', quiet: true }, when: ['rtvm_bench_restart | bool', needed], vars },
    { name, 'ansible.builtin.reboot': {}, when: ['rtvm_bench_restart | bool', needed], vars },
    { ...readRunning },
    ...(tellsItself(expected) ? [
      { name: `${name}: it came back with what was asked for`, 'ansible.builtin.assert': { that: cameBack, fail_msg: 'It came back with: {{ rtvm_bench_running.stdout_lines }}', quiet: true }, when: ['rtvm_bench_restart | bool', 'not ansible_check_mode'], vars },
      { name: `${name}: still to be done`, 'ansible.builtin.debug': { msg: 'Start this machine again, or run this with -e rtvm_bench_restart=true.' }, when: `not (${cameBack})`, vars },
    ] : []),
    ...(isLast || !tellsItself(expected) ? [] : [{ name: `${name}: the rest comes after that start`, 'ansible.builtin.meta': 'end_host', when: [`not (${cameBack})`, 'not ansible_check_mode'], vars }]),
  ];
}
