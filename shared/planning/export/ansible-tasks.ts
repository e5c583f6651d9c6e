import type { Generator, Plan, PlannedStep } from '../../model/plan.ts';
import { fileTasks } from './ansible-file-tasks.ts';
import { bootOnceTasks, readRunning, restartTasks } from './ansible-restart-tasks.ts';
import { reading, shell, type StepTasks, type Task } from './ansible-task.ts';
import { AsItIs, displayName } from './as-it-is.ts';
import type { Sha256 } from './export-result.ts';
import { isFedByPlan, oneLine, packageWords, remarksOf } from './exported-steps.ts';
import { generatorCommands, kernelArgumentsDiffer } from './shell-library.ts';

/** A task with what stands above it as a comment. */
export interface RemarkedTask {
  readonly remarks: readonly string[];
  readonly task: Task;
}

/** Tasks of the steps in order, and the generators that run as handlers. */
export function ansibleTasks(plan: Plan, steps: readonly PlannedStep[], sha256: Sha256): { readonly tasks: readonly RemarkedTask[]; readonly generators: readonly Generator[] } {
  const tasks: RemarkedTask[] = onlyPlannedMachine(plan).map((task) => ({ remarks: [], task }));
  if (steps.some(({ action }) => action.kind === 'restart' || action.kind === 'boot-once')) tasks.push({ remarks: [], task: readRunning });
  for (const step of steps) {
    const name = `${String(step.number)}. ${displayName(oneLine(step.title))}`;
    const ofStep = stepTasks({ plan, sha256, steps, step, name, register: `rtvm_bench_step_${String(step.number)}` });
    tasks.push(...ofStep.map((task, index) => ({ remarks: index === 0 ? remarksOf(step) : [], task })));
  }
  if (plan.restart === 'needed') {
    tasks.push({
      remarks: ['What was changed takes effect when the machine has started again.'],
      task: { name: 'Start the machine again, when told to and something was changed', 'ansible.builtin.reboot': {}, when: ['rtvm_bench_restart | bool', anyChanged(steps)] },
    });
  }
  const generators = [...new Set(steps.flatMap(({ action }) => (action.kind === 'generate' && isFedByPlan(steps, action.generator) ? [action.generator] : [])))];
  return { tasks, generators };
}

/** An expression: one of these steps has changed something. */
export function anyChanged(steps: readonly PlannedStep[]): string {
  const registers = steps.filter(({ action }) => action.kind !== 'generate' && action.kind !== 'restart').map(({ number }) => `rtvm_bench_step_${String(number)} | default({})`);
  return registers.length === 0 ? 'false' : `[${registers.join(', ')}] | select('changed') | list | length > 0`;
}

function onlyPlannedMachine(plan: Plan): Task[] {
  const when = 'rtvm_bench_only_planned_machine | bool';
  return [
    { name: 'Read which machine this is', 'ansible.builtin.command': { argv: ['cat', '/etc/machine-id'] }, register: 'rtvm_bench_machine', ...reading, when },
    {
      name: 'Only the machine it was planned for', 'ansible.builtin.assert': { that: 'rtvm_bench_machine.stdout == rtvm_bench_planned', quiet: true },
      vars: { rtvm_bench_planned: new AsItIs(plan.machineId) }, when,
    },
  ];
}

function stepTasks(given: StepTasks): Task[] {
  const { step: { action }, steps, name, register } = given;
  switch (action.kind) {
    case 'file': return fileTasks(given, action);
    case 'value': return valueTasks(given, action.path, [action.value, ...action.readsAs]);
    case 'firmware-attribute': return valueTasks(given, `/sys/class/firmware-attributes/${action.driver}/attributes/${action.attribute}/current_value`, [action.value]);
    case 'unit': {
      const written = steps.find((one) => one.action.kind === 'file' && one.action.content !== null && one.action.path.endsWith(`/${action.unit}`));
      return [{
        name, 'ansible.builtin.systemd': { name: action.unit, ...(action.enabled === null ? {} : { enabled: action.enabled }), ...(action.active === null ? {} : { state: action.active ? 'started' : 'stopped' }) }, register,
        // In a rehearsal the unit's file has not been written.
        ...(written === undefined ? {} : { when: `not (ansible_check_mode and rtvm_bench_step_${String(written.number)} is changed)` }),
      }];
    }
    case 'module': {
      const folder = `/sys/module/${action.module.replaceAll('-', '_')}`;
      return [{ name, 'ansible.builtin.command': action.loaded ? { argv: ['modprobe', action.module], creates: folder } : { argv: ['modprobe', '-r', action.module], removes: folder }, register }];
    }
    case 'generate': return isFedByPlan(steps, action.generator)
      ? [{ name, 'ansible.builtin.meta': 'flush_handlers' }]
      : [{ name, ...shell(generatorCommands[action.generator].join('\n')), changed_when: false }];
    case 'packages': return packageTasks(name, register, packageWords(action.install), packageWords(action.remove).map((one) => one.replace(/=.*$/, '')));
    case 'kernel-arguments': return kernelArgumentTasks(name, register, action.add.join(' '), action.remove.join(' '));
    case 'boot-once': return bootOnceTasks(given, action.entry);
    case 'group-member': return [
      { name: `${name}: read`, 'ansible.builtin.command': { argv: ['id', '-nG', action.user] }, register: `${register}_now`, ...reading },
      {
        name, 'ansible.builtin.command': { argv: ['gpasswd', action.member ? '-a' : '-d', action.user, action.group] }, register,
        when: `'${action.group}' ${action.member ? 'not in' : 'in'} ${register}_now.stdout.split()`,
      },
    ];
    case 'restart': return restartTasks(given, action.expects, anyChanged(steps.slice(0, steps.indexOf(given.step))));
    // Left out by exportedSteps.
    case 'domain': case 'network': case 'schemata': case 'redfish': return [];
  }
}

/** A value of the kernel or the firmware; the first of `accepted` is written. */
function valueTasks({ name, register }: StepTasks, path: string, accepted: readonly string[]): Task[] {
  return [
    { name: `${name}: read`, 'ansible.builtin.command': { argv: ['cat', new AsItIs(path)] }, register: `${register}_now`, ...reading },
    {
      name, 'ansible.builtin.command': { argv: ['tee', new AsItIs(path)], stdin: new AsItIs(accepted[0] ?? '') }, register,
      when: `${register}_now.stdout not in rtvm_bench_accepted`, vars: { rtvm_bench_accepted: accepted.map((text) => new AsItIs(text)) },
    },
  ];
}

function packageTasks(name: string, register: string, install: readonly string[], remove: readonly string[]): Task[] {
  const families = [
    { module: 'ansible.builtin.apt', family: 'Debian', told: (one: string) => one, more: { update_cache: true, cache_valid_time: 3600, lock_timeout: 600 } },
    { module: 'ansible.builtin.dnf', family: 'RedHat', told: (one: string) => one.replace(/=(?:\d+:)?/, '-'), more: {} },
  ];
  return families.flatMap(({ module, family, told, more }) => [['present', install] as const, ['absent', remove] as const].flatMap(([state, packages]) => (packages.length === 0 ? [] : [{
    name: `${name} (${family})`, [module]: { name: packages.map(told), state, ...(state === 'present' ? more : {}) }, register: `${register}_${family.toLowerCase()}_${state}`, when: `ansible_facts.os_family == '${family}'`,
  }])));
}

function kernelArgumentTasks(name: string, register: string, add: string, remove: string): Task[] {
  const differs = `${kernelArgumentsDiffer}\nset -euf\nentries=$(mktemp)\ntrap 'rm -f "$entries"' EXIT\nif kernel_arguments_differ "$ADD" "$REMOVE" "$entries"; then echo differ; fi`;
  const change = (what: string, option: string): Task => ({ name: `${name}: ${what}`, 'ansible.builtin.command': { argv: ['grubby', '--update-kernel=ALL', option] }, register, when: `'differ' in ${register}_seen.stdout_lines` });
  return [
    { name: `${name}: compare all boot entries`, ...shell(differs), environment: { ADD: add, REMOVE: remove }, register: `${register}_seen`, ...reading },
    ...(remove === '' ? [] : [change('take out', `--remove-args=${remove}`)]),
    ...(add === '' ? [] : [change('put in', `--args=${add}`)]),
  ];
}
