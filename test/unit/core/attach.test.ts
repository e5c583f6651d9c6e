import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectSocket } from '../../../electron/core/attach/connect-socket.ts';
import { serveSocket } from '../../../electron/core/attach/serve-socket.ts';
import { socketAddress } from '../../../electron/core/attach/socket-address.ts';
import { lockProject } from '../../../electron/core/project/project-lock.ts';
import type { Link } from '../../../shared/contract/link.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function served(onLink: (link: Link) => void) {
  const address = socketAddress(await temporaryFolder(), '/projects/line4.rtvm');
  const server = await serveSocket(address, onLink);
  onTestFinished(() => server.close());
  return { address, server };
}

const nextMessage = (link: Link) => new Promise<string>((heard) => { link.onMessage(heard); });

describe('attaching to the core that has a project open', () => {
  test('carries messages both ways, of any content', async () => {
    const { address } = await served((link) => { link.onMessage((message) => { link.send(`${message}${message}`); }); });
    const link = await connectSocket(address);
    if (!link) throw new Error('nobody answered');
    const answer = nextMessage(link);
    link.send(JSON.stringify({ text: 'line\nbreak “½” \u2028' }));
    expect(await answer).toBe(`${JSON.stringify({ text: 'line\nbreak “½” \u2028' })}`.repeat(2));
    link.close();
  });

  test('needs the token; without it the connection ends and nothing is served', async () => {
    let links = 0;
    const { address } = await served(() => { links += 1; });
    for (const shown of ['x'.repeat(64), '', '{"id":1}', 'y'.repeat(10_000)]) {
      const socket = connect(address.socket);
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      socket.end(`${shown}\n`);
      await closed;
    }
    expect(links).toBe(0);
  });

  test('keeps the token for the user alone', async () => {
    const { address } = await served(() => undefined);
    expect((await stat(address.tokenFile)).mode & 0o777).toBe(0o600);
    expect((await readFile(address.tokenFile, 'utf8')).length).toBe(64);
  });

  test('tells when nobody is there: never was, or has ended', async () => {
    const { address, server } = await served(() => undefined);
    expect(await connectSocket(socketAddress(await temporaryFolder(), '/nowhere'))).toBeNull();
    await server.close();
    expect(await connectSocket(address)).toBeNull();
    await writeFile(address.tokenFile, 'z'.repeat(64));
    expect(await connectSocket(address)).toBeNull();
  });

  test('closing the core closes the links', async () => {
    const { address, server } = await served(() => undefined);
    const link = await connectSocket(address);
    if (!link) throw new Error('nobody answered');
    const closed = new Promise<void>((done) => { link.onClose(done); });
    await server.close();
    await closed;
  });
});

describe('the lock of a project', () => {
  const nobody = async () => false;
  const someone = async () => true;

  test('has one owner; who comes later learns who it is', async () => {
    const folder = await temporaryFolder();
    const first = await lockProject(folder, nobody);
    expect(first.kind).toBe('owned');
    expect(await lockProject(folder, someone)).toMatchObject({ kind: 'held', holder: expect.stringContaining(String(process.pid)) });
    if (first.kind === 'owned') await first.release();
    expect((await lockProject(folder, someone)).kind).toBe('owned');
  });

  test('of a core that has died is taken over; of another computer it is respected', async () => {
    const folder = await temporaryFolder();
    const dead = { token: 'a', pid: 2 ** 22 - 1, host: (await import('node:os')).hostname(), since: '20260101T000000Z' };
    await writeFile(join(folder, '.rtvm-lock'), JSON.stringify(dead));
    expect((await lockProject(folder, nobody)).kind).toBe('owned');
    await writeFile(join(folder, '.rtvm-lock'), JSON.stringify({ ...dead, host: 'another-laptop' }));
    expect(await lockProject(folder, nobody)).toMatchObject({ kind: 'held', holder: expect.stringContaining('another-laptop') });
  });

  test('that is damaged does not lock anyone out', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, '.rtvm-lock'), '{ "pid": ');
    expect((await lockProject(folder, nobody)).kind).toBe('owned');
  });

  test('goes to exactly one of many who come at once', async () => {
    const folder = await temporaryFolder();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => lockProject(folder, someone)));
    expect(outcomes.filter((outcome) => outcome.kind === 'owned')).toHaveLength(1);
  });
});
