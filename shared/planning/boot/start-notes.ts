import type { CheckedLine, LineRequest } from './line-request.ts';

/** What may keep a start of this board from being unattended; said before it is started. */
export function startNotes({ snapshot, capture, kernel }: LineRequest, { loader, entry }: CheckedLine): string[] {
  const notes: string[] = [];
  if (loader.menu.state.config.variables.get('timeout') === '-1') notes.push('GRUB’s menu waits for a key at every start (timeout -1): somebody has to press it at the console. Set GRUB_TIMEOUT to a number of seconds to change that.');
  if (capture.paths(/^\/sys\/block\/dm-\d+\/dm\/uuid$/).some((path) => (capture.value(path) ?? '').startsWith('CRYPT-'))) {
    notes.push('This board has an encrypted disk. Where it is needed to start, and no TPM or key server opens it, the start waits for the passphrase at the console.');
  }
  if (snapshot.identity.secureBoot === true && kernel !== undefined && kernel !== null && kernel !== snapshot.kernel.release) {
    notes.push(`Secure Boot is on: GRUB refuses the kernel ${kernel} if it is not signed, and then waits in its menu for a person.`);
  }
  if (entry.release !== null && snapshot.kernel.release !== null && entry.release !== snapshot.kernel.release) notes.push(`The board runs ${snapshot.kernel.release} now; this entry starts ${entry.release}.`);
  return notes;
}
