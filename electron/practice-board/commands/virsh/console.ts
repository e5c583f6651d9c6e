import { domainOf, VirshFailure, type VirshCommand } from './virsh-call.ts';
import { serialLogin } from './serial-login.ts';

/** A VM's serial console on the terminal of this process; Ctrl-] leaves it. */
export const console: VirshCommand = {
  operands: ['domain', '[devname]'], options: ['force', 'safe', 'devname:'], changes: 'virDomainOpenConsole',
  run: async (call) => {
    const name = domainOf(call);
    const { terminal } = call.context.process;
    if (terminal === undefined) throw new VirshFailure(['Cannot run interactive console without a controlling TTY']);
    const run = call.hypervisor.running(name);
    if (run === undefined) throw new VirshFailure(['The domain is not running']);
    await call.print(`Connected to domain '${name}'\nEscape character is ^] (Ctrl + ])\n`);
    terminal.raw = true;
    try {
      await serialLogin(call, name, run);
    } finally {
      terminal.raw = false;
      terminal.send('\r\n');
    }
  },
};
