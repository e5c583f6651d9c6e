import { Document, isNode } from 'yaml';
import type { Plan } from '../../model/plan.ts';
import { shell } from './ansible-task.ts';
import { ansibleTasks } from './ansible-tasks.ts';
import { asNodes, displayName } from './as-it-is.ts';
import type { PlanExport, Sha256 } from './export-result.ts';
import { exportedSteps, oneLine } from './exported-steps.ts';
import { generatorCommands } from './shell-library.ts';

/**
 * A plan as an Ansible playbook for machines of the same kind, of modules of ansible-core alone (2.14 and later). It can be
 * rehearsed with --check, restarts only when told to, and holds no secret.
 */
export function exportAnsible(plan: Plan, sha256: Sha256): PlanExport {
  const { steps, leftOut } = exportedSteps(plan);
  const { tasks, generators } = ansibleTasks(plan, steps, sha256);
  const document = new Document();
  const taskNodes = tasks.map(({ remarks, task }) => {
    const node = document.createNode(asNodes(task));
    if (isNode(node) && remarks.length > 0) node.commentBefore = asComment(remarks);
    return node;
  });
  document.contents = document.createNode([{
    name: displayName(oneLine(plan.title)),
    hosts: 'all',
    become: true,
    gather_facts: steps.some(({ action }) => action.kind === 'packages'),
    force_handlers: true,
    vars: { rtvm_bench_restart: false, rtvm_bench_only_planned_machine: false, rtvm_bench_even_if_changed: false },
    tasks: taskNodes,
    ...(generators.length === 0 ? {} : { handlers: generators.map((generator) => ({ name: generator, ...shell(generatorCommands[generator].join('\n')) })) }),
  }]);
  document.commentBefore = asComment([
    oneLine(plan.title), `Written by RTVM Bench from plan ${plan.id}, which was made for ${oneLine(plan.boardName)}.`,
    'Read it before you run it, and rehearse it: ansible-playbook --check --diff -i HOSTS THIS-FILE',
    '-e rtvm_bench_restart=true                starts machines again where the plan needs it; never done without',
    '-e rtvm_bench_only_planned_machine=true   refuses other machines than the one it was planned for',
    '-e rtvm_bench_even_if_changed=true        replaces files that are not as they were when the plan was made',
    ...plan.notes.map((note) => `Note: ${oneLine(note)}`),
    ...leftOut.map(({ step, title, why }) => `Not in this playbook: step ${String(step)}, ${oneLine(title)}. ${oneLine(why)}`),
  ]);
  return { text: document.toString({ lineWidth: 0 }), leftOut };
}

const asComment = (lines: readonly string[]): string => lines.map((line) => ` ${line}`).join('\n');
