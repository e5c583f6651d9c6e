import { CodedError } from '../../contract/errors.ts';
import { failed, ok, type Result } from '../../contract/result.ts';
import { vmNameSchema } from '../../model/vm.ts';

/** What a person would type for the serial console of a VM. Ctrl+] leaves it. */
export const shownConsoleCommand = (name: string): string => `virsh -c qemu:///system console ${name}`;

/**
 * The same as one line for a login shell, whichever it is: with sudo where the user is neither root nor in libvirt's group;
 * sudo then asks its question in the terminal itself. Error: `vm-refused` for a name that is more than one plain word.
 */
export function consoleCommand(name: string): Result<string> {
  if (!vmNameSchema.safeParse(name).success) {
    return failed(new CodedError('vm-refused', `The console of “${name}” cannot be opened from here: its name is not one plain word.`, { next: 'Log in to the host and open it there with virsh console.' }));
  }
  return ok('exec sh -c \'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; sudo=sudo; [ "$(id -u)" = 0 ] && sudo=; case " $(id -nG) " in *" libvirt "*) sudo= ;; esac; '
    + `exec $sudo virsh -c qemu:///system console "$1"' sh ${name}`);
}
