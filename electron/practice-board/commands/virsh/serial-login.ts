import type { RunningDomain } from '../../libvirt/hypervisor.ts';
import type { VirshCall } from './virsh-call.ts';

/** What getty shows on a guest's serial line: a log-in that nobody gets through. Ends with Ctrl-] or with the guest. */
export async function serialLogin(call: VirshCall, name: string, run: RunningDomain): Promise<void> {
  const { terminal, stop } = call.context.process;
  if (terminal === undefined) return;
  const ended = run.threads.process.exited.then(() => undefined);
  let asksPassword = false;
  let line = '';
  const prompt = (): void => terminal.send(`\r\n\r\n${name} login: `);
  for (;;) {
    const typed = await Promise.race([call.context.process.until(terminal.input.read(1024, stop)), ended]);
    if (typed === undefined || typed === '') return;
    for (const key of typed) {
      if (key === '\x1d') return;
      if (key === '\r' || key === '\n') {
        if (asksPassword) terminal.send('\r\n\r\nLogin incorrect');
        if (asksPassword || line === '') prompt();
        else terminal.send('\r\nPassword: ');
        asksPassword = !asksPassword && line !== '';
        line = '';
      } else if (key === '\x7f' || key === '\b') {
        if (line !== '' && !asksPassword) terminal.send('\b \b');
        line = line.slice(0, -1);
      } else if (key === '\x03') {
        asksPassword = false;
        line = '';
        prompt();
      } else if (key >= ' ') {
        line += key;
        if (!asksPassword) terminal.send(key);
      }
    }
  }
}
