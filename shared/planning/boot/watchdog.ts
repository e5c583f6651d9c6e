import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';

/** What a hang of the tried kernel would meet: parameters to add, and what to say of it. */
export interface Watchdog { readonly words: readonly string[]; readonly note: string }

const byHand = 'If the try hangs, somebody has to restart the board at its console; it then starts as before.';

/**
 * systemd feeds a hardware watchdog when asked on the command line: `systemd.watchdog_sec=`, from systemd 250 on
 * (NEWS of 250; kernel-command-line(7)).
 */
export function watchdogOf({ snapshot, capture }: { readonly snapshot: Snapshot; readonly capture: Capture }): Watchdog {
  const devices = capture.names(/^\/sys\/class\/watchdog\/watchdog\d+$/).sort().map((path) => ({ path, name: path.slice(path.lastIndexOf('/') + 1), identity: capture.value(`${path}/identity`) }));
  const [device] = devices.filter(({ identity }) => !/software|softdog/i.test(identity ?? ''));
  if (device === undefined) {
    return { words: [], note: `${devices.length > 0 ? 'The only watchdog of this board is one in software' : 'This board shows no watchdog (/sys/class/watchdog is empty; its driver may not be loaded)'}. ${byHand}` };
  }
  const seen = `${device.path}${device.identity === null ? '' : `: ${device.identity}`}`;
  if (snapshot.kernel.initSystem !== 'systemd') return { words: [], note: `There is a watchdog (${seen}), but no systemd to feed it. ${byHand}` };
  const version = snapshot.tools.find(({ name }) => name === 'systemd-run')?.version ?? null;
  const release = Number(/^(?:\d+:)?(\d+)/.exec(version ?? '')?.[1] ?? Number.NaN);
  if (!(release >= 250)) return { words: [], note: `There is a watchdog (${seen}), but systemd ${version ?? 'of unknown version'} cannot be told of it on the command line (250 can). ${byHand}` };
  return {
    words: ['systemd.watchdog_sec=60', ...(device.name === 'watchdog0' ? [] : [`systemd.watchdog_device=/dev/${device.name}`])],
    note: `Watchdog: ${seen}. It restarts the board 60 s after systemd stops answering. A hang before systemd has opened it still needs a person at the console.`,
  };
}
