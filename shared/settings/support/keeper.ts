import { withoutSystemd } from './init-system.ts';
import { fileStep, generateStep, unitStep, type StepWords } from './steps.ts';
import type { BoardView, ChangeOffer } from '../setting.ts';
import type { ProposedStep } from '../../model/plan.ts';
import { formatCpuList, parseCpuList } from '../../parsers/cpu-list.ts';

const scripts = import.meta.glob<string>('../board-files/*.sh', { eager: true, import: 'default', query: '?raw' });

/** What is looked at again and again on the board, because the kernel's drivers change it whenever they like. */
export interface Keeper {
  /** Of the script, the service and the timer. */
  readonly name: 'irq-affinity' | 'kthread-affinity' | 'irq-threads';
  readonly everySeconds: number;
}

const scriptPath = ({ name }: Keeper) => `/usr/local/lib/rtvm-bench/${name}`;
const unitPath = ({ name }: Keeper, kind: 'service' | 'timer') => `/etc/systemd/system/rtvm-bench-${name}.${kind}`;

/** The script itself, as it goes to the board. */
export const keeperScript = ({ name }: Keeper): string => scripts[`../board-files/${name}.sh`] ?? '';

/** The service that runs the script once, on housekeeping CPUs, with its argument; a list, a mask or a number. */
export const keeperService = (keeper: Keeper, description: string, argument: string, cpus: string): string[] => [
  '[Unit]', `Description=RTVM Bench: ${description}`, '', '[Service]', 'Type=oneshot', `ExecStart=${scriptPath(keeper)} ${argument}`, `CPUAffinity=${cpus}`, 'Nice=10',
];

/** The timer that runs it with every start of the board and again and again. */
export const keeperTimer = (keeper: Keeper, description: string): string[] => [
  '[Unit]', `Description=RTVM Bench: ${description}, again and again`, '', '[Timer]', 'OnActiveSec=0', `OnUnitInactiveSec=${String(keeper.everySeconds)}`, 'AccuracySec=1', '', '[Install]', 'WantedBy=timers.target',
];

/** Puts a keeper on a board. `first`: what would fight with it and has to end before. */
export function keeperChange(keeper: Keeper, { description, argument, words, first = [] }: { description: string; argument: string; words: StepWords; first?: readonly ProposedStep[] }, board: BoardView): ChangeOffer {
  const refused = withoutSystemd(board);
  if (refused) return refused;
  return {
    steps: [
      ...first,
      fileStep(words, scriptPath(keeper), keeperScript(keeper).trimEnd().split('\n'), '755'),
      fileStep(words, unitPath(keeper, 'service'), keeperService(keeper, description, argument, formatCpuList(board.housekeeping))),
      fileStep(words, unitPath(keeper, 'timer'), keeperTimer(keeper, description)),
      generateStep(words, 'daemon-reload', 'Let systemd read the units again'),
      unitStep(words, `rtvm-bench-${keeper.name}.timer`, true),
    ],
    restart: 'none',
  };
}

/** The argument a keeper on the board works with, and the line that says so; null when there is none that starts with the board. */
export function keeperOn({ snapshot, capture }: BoardView, keeper: Keeper): { argument: string; evidence: string } | null {
  const timer = `rtvm-bench-${keeper.name}.timer`;
  if (!snapshot.services.some(({ name, enabled }) => name === timer && enabled === 'enabled')) return null;
  const path = unitPath(keeper, 'service');
  const line = capture.lines(path)?.find((candidate) => candidate.startsWith(`ExecStart=${scriptPath(keeper)} `));
  return line === undefined ? null : { argument: line.slice(line.indexOf(' ') + 1).trim(), evidence: `${path}: ${line}` };
}

/** A list none of whose CPUs is to be isolated, and that is one. */
export function keepsOff(argument: string, { isolated }: BoardView): boolean {
  const cpus = parseCpuList(argument);
  return cpus.ok && cpus.value.length > 0 && !cpus.value.some((cpu) => isolated.includes(cpu));
}
