import { shellQuote } from '../../../shared/planning/export/shell-words.ts';
import type { Tone } from '../../components/tone.ts';
import type { MadeVm, VmAct, VmCheck, VmState } from '../../../shared/model/vm.ts';
import type { ThreadPlace, ThreadState } from './thread-rows.ts';
import { formatCpuList } from '../../../shared/parsers/cpu-list.ts';

export const stateWords: Readonly<Record<VmState, { readonly tone: Tone; readonly text: string }>> = {
  running: { tone: 'good', text: 'running' }, paused: { tone: 'warn', text: 'paused' }, 'shutting-down': { tone: 'warn', text: 'shutting down' }, 'shut-off': { tone: 'info', text: 'shut off' },
  crashed: { tone: 'bad', text: 'crashed' }, suspended: { tone: 'warn', text: 'suspended' }, unknown: { tone: 'warn', text: 'state unknown' },
};

export const verdictWords: Readonly<Record<VmCheck['verdict'], { readonly tone: Tone; readonly text: string }>> = {
  ok: { tone: 'good', text: 'proven' }, wrong: { tone: 'bad', text: 'wrong' }, unknown: { tone: 'warn', text: 'not known' }, 'not-applicable': { tone: 'info', text: 'does not apply' },
};

export const phaseWords: Readonly<Record<MadeVm['phase'], string>> = {
  begun: 'begun, nothing is there yet', image: 'its image is there', disk: 'its disk is there', seed: 'its disk and first settings are there', defined: 'it is defined, and did not answer yet', ready: 'complete',
};

export const threadStateWords: Readonly<Record<ThreadState, { readonly title: string; readonly hint: string }>> = {
  requested: { title: 'asked for', hint: 'by the board’s CPU map' }, written: { title: 'next start', hint: 'the persistent definition' },
  booted: { title: 'started with', hint: 'the active definition' }, effective: { title: 'live', hint: '/proc of its threads' },
};

export interface ActWords { readonly act: VmAct; readonly title: string; readonly hint: string; readonly verb: string; readonly asks: boolean }

/** What can be done to a VM as a whole. `asks`: work in it is lost, so it is asked first. */
export const acts: readonly ActWords[] = [
  { act: 'start', title: 'Start', hint: 'With its persistent definition.', verb: 'start', asks: false },
  { act: 'shutdown', title: 'Shut down', hint: 'Asks the guest to; it may take its time, or not listen.', verb: 'shutdown', asks: false },
  { act: 'reboot', title: 'Reboot', hint: 'Of the guest alone: it goes on with the definition it was started with.', verb: 'reboot', asks: true },
  { act: 'force-off', title: 'Force off', hint: 'As pulling the plug: what the guest has not written is lost.', verb: 'destroy', asks: true },
  { act: 'autostart-on', title: 'Start with the host', hint: 'Every time the host starts.', verb: 'autostart', asks: false },
  { act: 'autostart-off', title: 'Do not start with the host', hint: '', verb: 'autostart --disable', asks: false },
];

/** Those that can be done to a VM in this state. */
export function actsFor(state: VmState, autostart: boolean): readonly ActWords[] {
  const running = state === 'running' || state === 'paused' || state === 'shutting-down' || state === 'suspended';
  const offered: Readonly<Record<VmAct, boolean>> = {
    start: state === 'shut-off' || state === 'crashed', shutdown: state === 'running', reboot: state === 'running', 'force-off': running || state === 'unknown',
    'autostart-on': !autostart, 'autostart-off': autostart,
  };
  return acts.filter(({ act }) => offered[act]);
}

/** The command behind a button, for reading: what runs on the board is a script of ours that is given the VM as data. */
export const actCommand = ({ verb }: Pick<ActWords, 'verb'>, name: string, uri: string | null = null): string => `virsh ${uri === null ? '' : `-c ${uri} `}${verb} ${word(name)}`;

/** `CPU 8`, `CPU 0–63`, `any CPU`; with more, how many. */
export function cpusText(cpus: readonly number[] | null): string {
  return cpus === null ? 'any CPU' : cpuWords(cpus);
}

const mostListed = 8;

/** `CPU 0-7,128-135`; of a list with many parts the first, and how many more. */
export function cpuWords(cpus: readonly number[]): string {
  const parts = formatCpuList(cpus).split(',');
  if (parts.length <= mostListed) return `CPU ${parts.join(',')}`;
  const shown = parts.slice(0, mostListed - 1);
  const last = Number(shown.at(-1)?.split('-').at(-1));
  return `CPU ${shown.join(',')} and ${String(cpus.filter((cpu) => cpu > last).length)} more`;
}

/** `fifo 10`, `other`; null where it is not told. */
export const policyText = ({ policy, priority }: ThreadPlace): string | null => (policy === null ? null : priority === null ? policy : `${policy} ${String(priority)}`);

const word = (text: string): string => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : shellQuote(text));

/** What taking away a VM that was made from here comes to, for reading. */
export const removeCommands = ({ name, files }: Pick<MadeVm, 'name' | 'files'>, uri: string): string[] => [
  `virsh -c ${uri} destroy ${word(name)}    # if it runs`, `virsh -c ${uri} undefine ${word(name)}    # if it is defined`, ...files.map((file) => `rm ${word(file)}`),
];

/** The same in one line. */
export const removeSummary = ({ name, files }: Pick<MadeVm, 'name' | 'files'>): string => `virsh undefine ${word(name)}; rm ${files.length === 1 ? 'its file' : `its ${String(files.length)} files`}`;
