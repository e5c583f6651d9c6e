import commonText from '../../board-scripts/run-common.sh?raw';
import actText from '../../board-scripts/vm-act.sh?raw';
import vmCommonText from '../../board-scripts/vm-common.sh?raw';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Vm, VmAct } from '../../../shared/model/vm.ts';
import { parseVmAnswer } from '../../../shared/parsers/vm/libvirt-refusal.ts';
import { unexpected } from '../runs/run-answers.ts';
import type { BoardScript, BoardSession } from '../ssh/board-session.ts';
import { systemUri } from './read-vm-host.ts';

const actScript: BoardScript = { name: 'vm-act', text: [commonText, vmCommonText, actText].join('\n') };

/** A guest with a slow service to stop takes a minute; systemd gives each ninety seconds. */
const shutdownSeconds = 120;
/** Locked memory of hundreds of GiB is filled at a start. */
const timeoutMs = 900_000;

const attempts: Readonly<Record<VmAct, string>> = {
  start: 'started', shutdown: 'shut down', 'force-off': 'switched off', reboot: 'rebooted', 'autostart-on': 'set to start with the host', 'autostart-off': 'kept from starting with the host',
};

interface Request {
  readonly session: BoardSession;
  readonly boardName: string;
  readonly vm: Pick<Vm, 'name' | 'uuid'>;
  readonly act: VmAct;
  readonly signal?: AbortSignal;
  readonly uri?: string;
  readonly waitSeconds?: number;
}

/**
 * Starts or stops a VM; a shutdown waits until it is off. As the login user where libvirt lets it, else as root.
 * Errors: `libvirt-refused` (plain words, the cause in `details`), `libvirt-unreachable`, `vm-not-answering` when the guest does
 * not shut down, `board-command-failed`, `board-timeout`, and those of the session.
 */
export async function actOnVm(request: Request): Promise<void> {
  const first = await attempt(request, 'if-possible');
  const answer = first.kind === 'refused' && isDenied(first.error) ? await attempt(request, 'required') : first;
  const { boardName, vm } = request;
  if (answer.kind === 'done') return;
  if (answer.kind === 'refused') throw CodedError.fromData({ ...answer.error.toData(), board: boardName });
  throw new CodedError('vm-not-answering', `${vm.name} was told to shut down and still runs after ${answer.seconds} s: its guest does not listen to the power button (ACPI).`, {
    board: boardName, state: 'The VM runs on.', next: 'Shut it down from inside; a Linux guest without systemd needs acpid, an RTOS may know no ACPI. Or force it off: that is like pulling the plug.',
  });
}

async function attempt({ session, vm, act, signal, uri = systemUri, waitSeconds = shutdownSeconds }: Request, root: 'if-possible' | 'required') {
  const result = await session.exec(actScript, { args: [uri, vm.uuid, act, String(waitSeconds)], root, reason: `to have ${vm.name} ${attempts[act]}`, timeoutMs, ...(signal ? { signal } : {}) });
  if (result.exitCode !== 0) throw unexpected(actScript, result);
  return parseVmAnswer(result.stdout.toString('utf8'), vm.name, attempts[act]);
}

const isDenied = (error: CodedError) => error.code === 'libvirt-unreachable' && ['not-permitted', 'log-in-again'].includes(String(error.extras.details?.['cause']));
