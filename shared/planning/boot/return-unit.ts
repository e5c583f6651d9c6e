import type { Action } from '../../model/plan.ts';

/** The word that marks a start as a try; its value says which. Dotted, so that the kernel does not call it unknown (DOMAIN 4.1). */
export const tryMarker = 'rtvm_bench.try';
/** Made by the laptop when it has reached the board again. */
export const stayFile = '/run/rtvm-bench-stay';
export const returnUnit = 'rtvm-bench-return.service';
export const returnUnitPath = `/etc/systemd/system/${returnUnit}`;

/**
 * A unit that restarts a tried board nobody came back to. It starts with the earliest units and stays through emergency
 * mode; the default entry, being started without the marker, never runs it. Constant but for the time.
 */
export function returnUnitFile(afterSeconds: number): Action {
  const seconds = Math.max(60, Math.round(afterSeconds));
  const text = [
    '# Written by RTVM Bench for the try of a kernel command line; taken away with it.',
    '[Unit]', 'Description=RTVM Bench: back to the default start when nobody confirms a try', `ConditionKernelCommandLine=${tryMarker}`, 'DefaultDependencies=no', 'IgnoreOnIsolate=yes', '',
    // Not stopped at a shutdown, so that one that gets stuck is forced.
    '[Service]', 'Type=simple', `ExecStart=/bin/sh -c 'sleep ${seconds}; [ -e ${stayFile} ] && exit 0; systemctl reboot; sleep 120; systemctl reboot --force --force'`, '',
    '[Install]', 'WantedBy=sysinit.target', '',
  ].join('\n');
  return { kind: 'file', path: returnUnitPath, content: { encoding: 'utf8', data: text }, mode: '644' };
}
