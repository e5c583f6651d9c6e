import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConsoleDesk } from '../../electron/core/consoles/console-desk.ts';
import type { EventListener } from '../../electron/core/event-bus.ts';
import type { CodedErrorData } from '../../shared/contract/errors.ts';
import type { EventName, EventPayload } from '../../shared/contract/methods.ts';
import { consoleCommand } from '../../shared/planning/vm/console-command.ts';
import { eventually } from '../support/run-kit.ts';
import { codedError, keyHop, sessionKit } from '../support/session-kit.ts';
import { startSshd, type SshdServer } from '../support/sshd-server.ts';

const shells = readFileSync('/etc/shells', 'utf8').split('\n');
const size = { columns: 80, rows: 24 };
const exists = { name: 'exists', text: 'kill -0 "$1" 2>/dev/null && echo yes || echo no' };

/** A window: what it has seen of its terminals, and how they ended. */
function windowKit() {
  const seen = new Map<string, string>();
  const ends = new Map<string, CodedErrorData | null>();
  const emit: EventListener = <E extends EventName>(event: E, payload: EventPayload<E>) => {
    if ('text' in payload && typeof payload.text === 'string' && 'consoleId' in payload) {
      seen.set(payload.consoleId, (seen.get(payload.consoleId) ?? '') + payload.text);
    } else if (event === 'console-closed' && 'consoleId' in payload && 'error' in payload) {
      ends.set(payload.consoleId, payload.error);
    }
  };
  return {
    desk: new ConsoleDesk(emit), ends,
    text: (id: string) => seen.get(id) ?? '',
    shows: (id: string, wanted: string | RegExp) => eventually(() => (typeof wanted === 'string' ? (seen.get(id) ?? '').includes(wanted) : wanted.test(seen.get(id) ?? '')), `the terminal shows ${String(wanted)}`),
    ended: (id: string) => eventually(() => ends.has(id), 'the terminal ended'),
  };
}

describe('terminals on a board', () => {
  const tools = mkdtempSync(join(tmpdir(), 'rtvm-console-'));
  let server: SshdServer;
  beforeAll(async () => {
    server = await startSshd({ config: [`SetEnv PATH=${tools}:/usr/bin:/bin`] });
    chmodSync(tools, 0o755);
    const program = (name: string, text: string) => { writeFileSync(join(tools, name), `#!/bin/sh\n${text}`, { mode: 0o755 }); };
    program('virsh', 'echo "virsh $* as $(id -un)"; exec cat\n');
    program('sudo', 'printf "[sudo] password for %s: " "$USER"; stty -echo; read -r given; stty echo; echo; echo "sudo was given ${#given} letters"; exec "$@"\n');
  });
  afterAll(async () => {
    await server.stop();
    rmSync(tools, { recursive: true, force: true });
  });
  const sessionOf = () => sessionKit({ target: keyHop(server) }).session;
  /** Lets a shell tell its own number, and gives it. */
  const shellPid = async ({ desk, shows, text }: ReturnType<typeof windowKit>, id: string): Promise<string> => {
    desk.write(id, 'echo pid=$$=\n');
    await shows(id, /pid=\d+=/);
    return /pid=(\d+)=/.exec(text(id))?.[1] ?? '';
  };

  it('are log-in shells of a size that follows the window, and end by themselves', async () => {
    const view = windowKit();
    const session = sessionOf();
    const id = await view.desk.open(session, 'Bench 1', null, size);
    view.desk.write(id, 'stty size; echo "Zoë 🦫"\n');
    await view.shows(id, /24 80\r\nZoë 🦫/);
    view.desk.resize(id, { columns: 132, rows: 50 });
    view.desk.write(id, 'stty size\n');
    await view.shows(id, '50 132');
    view.desk.write(id, 'exit 3\n');
    await view.ended(id);
    expect(view.ends.get(id)).toBeNull();
    expect(await codedError((async () => { view.desk.write(id, 'x'); })())).toMatchObject({ code: 'bad-request' });
    view.desk.close(id);
    await session.disconnect();
  });

  it('are a VM’s console with sudo where the user needs it, which asks in the terminal', async () => {
    const view = windowKit();
    const session = sessionOf();
    const command = consoleCommand('rt-1');
    if (!command.ok) throw command.error;
    const id = await view.desk.open(session, 'Bench 1', command.value, size);
    await view.shows(id, `[sudo] password for ${server.user}: `);
    view.desk.write(id, 'secret\n');
    await view.shows(id, `virsh -c qemu:///system console rt-1 as ${server.user}`);
    expect(view.text(id)).toContain('sudo was given 6 letters');
    expect(view.text(id)).not.toContain('secret');
    view.desk.write(id, '\u0004');
    await view.ended(id);
    await session.disconnect();
  });

  it.each(['/bin/bash', '/bin/dash', '/bin/csh', '/usr/bin/fish', '/bin/zsh'].filter((shell) => shells.includes(shell)))('have one command for every log-in shell: %s', async (shell) => {
    const command = consoleCommand('rt-1');
    if (!command.ok) throw command.error;
    // As root, which needs no sudo.
    const said = execFileSync(shell, ['-c', command.value], { encoding: 'utf8', input: '', env: { PATH: `${tools}:/usr/bin:/bin`, HOME: tools } });
    expect(said).toMatch(/^virsh -c qemu:\/\/\/system console rt-1 as /);
  });

  it('are not opened for a name that is more than a word', () => {
    for (const name of ['a b', '$(reboot)', "'", '-x', '', 'a;b', 'ü']) expect(consoleCommand(name)).toMatchObject({ ok: false, error: { code: 'vm-refused' } });
  });

  it('show a flood with gaps, beside other work, and still hear Ctrl-C', async () => {
    const view = windowKit();
    const session = sessionOf();
    const id = await view.desk.open(session, 'Bench 1', null, size);
    view.desk.write(id, 'yes\n');
    await view.shows(id, 'characters of output were skipped');
    const answer = await session.exec({ name: 'hello', text: 'echo hello' });
    expect(answer.stdout.toString()).toBe('hello\n');
    await view.shows(id, /(?:characters of output were skipped[^]*){3}/);
    view.desk.write(id, '\u0003');
    view.desk.write(id, 'echo stopped=$((40 + 2))\n');
    await view.shows(id, 'stopped=42');
    view.desk.close(id);
    await session.disconnect();
  });

  it('end with their window: nothing of them is left on the board', async () => {
    const view = windowKit();
    const session = sessionOf();
    const ids = await Promise.all([0, 1].map(() => view.desk.open(session, 'Bench 1', null, size)));
    const pids = await Promise.all(ids.map((id) => shellPid(view, id)));
    view.desk.closeAll();
    for (const pid of pids) await eventually(() => !running(pid), `shell ${pid} has ended`);
    expect(view.ends.size).toBe(0);
    expect((await session.exec(exists, { args: [pids[0] ?? ''] })).stdout.toString()).toBe('no\n');
    expect(await codedError(view.desk.open(session, 'Bench 1', null, size))).toMatchObject({ code: 'cancelled' });
    await session.disconnect();
  });

  it('are four at most on a board, so that it can be read and measured beside them', async () => {
    const [view, other] = [windowKit(), windowKit()];
    const session = sessionOf();
    const ids = await Promise.all([0, 1].map(() => view.desk.open(session, 'Bench 1', null, size)));
    for (let n = 0; n < 2; n += 1) await other.desk.open(session, 'Bench 1', null, size);
    expect(await codedError(other.desk.open(session, 'Bench 1', null, size))).toMatchObject({ code: 'board-busy' });
    view.desk.write(ids[0] ?? '', 'exit\n');
    await view.ended(ids[0] ?? '');
    await other.desk.open(session, 'Bench 1', null, size);
    await session.disconnect();
  });

  it('say that the link was lost', async () => {
    const view = windowKit();
    const session = sessionOf();
    const id = await view.desk.open(session, 'Bench 1', null, size);
    await shellPid(view, id);
    server.killConnections();
    await view.ended(id);
    expect(view.ends.get(id)).toMatchObject({ code: 'connection-lost' });
    const again = await view.desk.open(session, 'Bench 1', null, size);
    await session.disconnect();
    await view.ended(again);
    expect(view.ends.get(again)).toMatchObject({ code: 'cancelled' });
  });

  it('are refused where the server gives none', async () => {
    const strict = await startSshd({ config: ['PermitTTY no'] });
    const session = sessionKit({ target: keyHop(strict) }).session;
    const refused = await codedError(windowKit().desk.open(session, 'Bench 1', null, size));
    expect(refused.code).toBe('channel-refused');
    expect(refused.extras.next).toContain('PermitTTY yes');
    // A refusal of one kind says nothing about channels.
    expect((await session.exec({ name: 'hello', text: 'echo hello' })).stdout.toString()).toBe('hello\n');
    await session.disconnect();
    await strict.stop();
  });
});


function running(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
