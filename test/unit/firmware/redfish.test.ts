import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readBmc, redfishAccessOf } from '../../../electron/core/firmware/bmc-access.ts';
import { managementReading } from '../../../electron/core/firmware/management-store.ts';
import { ProjectStore } from '../../../electron/core/project/project-store.ts';
import type { Asker } from '../../../electron/core/questions/asker.ts';
import type { Action } from '../../../shared/model/plan.ts';
import type { Answer, QuestionBody } from '../../../shared/model/question.ts';
import { startRedfishServer, type RedfishServer } from '../../support/redfish-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const fingerprint = (name: string) => new X509Certificate(readFileSync(`test/fixtures/redfish/${name}.cert.pem`)).fingerprint256;
const system = '/redfish/v1/Systems/437XR1138R2';
const turbo = (value: string): Extract<Action, { kind: 'redfish' }> => ({ kind: 'redfish', system, attribute: 'ProcTurboMode', value });
const login: Answer = { kind: 'answers', answers: ['operator', 'näher%20'] };

async function redfishServer(certificate: 'one' | 'two' = 'one'): Promise<RedfishServer> {
  const server = await startRedfishServer(certificate);
  onTestFinished(() => { server.close(); });
  return server;
}

async function board(port: number, options: { certificate?: string; answer?: (body: QuestionBody) => Answer } = {}) {
  const directory = join(await temporaryFolder(), 'line4.rtvm');
  await ProjectStore.create(directory, 'Line 4');
  const store = await ProjectStore.open(directory, null);
  await store.saveBoard({
    schema: 1, id: 'press', name: 'Press', role: 'host', notes: '', hostKeys: [], addedAt: '20261120T141000Z', reach: { kind: 'practice', machine: 'dual-xeon' },
    bmc: { address: '127.0.0.1', port, certificateSha256: options.certificate ?? null },
  });
  const asked: QuestionBody[] = [];
  const asker: Asker = {
    ask: async (_, body) => {
      asked.push(body);
      return options.answer?.(body) ?? (body.kind === 'certificate' ? { kind: 'accept' } : login);
    },
  };
  return { directory, parts: { store, asker }, asked, access: async () => {
    const access = await redfishAccessOf({ store, asker }, 'press');
    if (!access) throw new Error('no way to the controller');
    return access;
  } };
}

describe('the management controller’s certificate', () => {
  test('is shown to a person before anything is sent, then pinned', async () => {
    const server = await redfishServer();
    const seen: number[] = [];
    const { parts, asked } = await board(server.port, { answer: (body) => {
      seen.push(server.requests.length);
      return body.kind === 'certificate' ? { kind: 'accept' } : login;
    } });
    await readBmc(parts, 'press');
    expect(asked.map(({ kind }) => kind)).toEqual(['certificate', 'keyboard-interactive']);
    expect(asked[0]).toMatchObject({ sha256: fingerprint('one'), subject: 'Contoso, bmc-one.test' });
    expect(seen).toEqual([0, 0]);
    expect((await parts.store.board('press')).bmc?.certificateSha256).toBe(fingerprint('one'));
    await readBmc(parts, 'press');
    expect(asked).toHaveLength(2);
  });
  test('refused: nothing is sent and nothing is kept', async () => {
    const server = await redfishServer();
    const { parts } = await board(server.port, { answer: () => ({ kind: 'refuse' }) });
    await expect(readBmc(parts, 'press')).rejects.toMatchObject({ code: 'bmc-certificate-unknown', extras: { state: 'No user name or password was sent.' } });
    expect(server.requests).toEqual([]);
    expect((await parts.store.board('press')).bmc?.certificateSha256).toBeNull();
  });
  test('changed: nothing is sent', async () => {
    const server = await redfishServer('two');
    const { parts } = await board(server.port, { certificate: fingerprint('one') });
    await expect(readBmc(parts, 'press')).rejects.toMatchObject({ code: 'bmc-certificate-changed', extras: { board: 'Press' } });
    expect(server.requests).toEqual([]);
  });
});

describe('what the management controller tells', () => {
  test('every setting with its value, the one of the next start, what may be chosen and whether it may be written', async () => {
    const server = await redfishServer();
    server.next['ProcTurboMode'] = 'Disabled';
    const [read] = await readBmc((await board(server.port)).parts, 'press');
    expect(read).toMatchObject({ system, manufacturer: 'Contoso', model: '3500', biosVersion: 'P79 v1.45 (12/06/2017)', writable: true });
    expect(read?.attributes).toEqual(expect.arrayContaining([
      { name: 'ProcTurboMode', value: 'Enabled', next: 'Disabled', displayName: 'Turbo Mode', possible: ['Enabled', 'Disabled'], readOnly: false },
      { name: 'ProcHyperthreading', value: 'Enabled', next: 'Enabled', displayName: 'Hyper-Threading', possible: ['Enabled', 'Disabled'], readOnly: true },
      { name: 'PowerOnDelay', value: 3, next: 3, displayName: null, possible: [], readOnly: false },
    ]));
  });
  test('without a registry the values are still read', async () => {
    const server = await redfishServer();
    server.faults.noRegistry = true;
    const [read] = await readBmc((await board(server.port)).parts, 'press');
    expect(read?.attributes.find(({ name }) => name === 'ProcTurboMode')).toMatchObject({ value: 'Enabled', possible: [] });
  });
  test.each([
    ['no JSON at all', { rawBody: '<html>' }, 'bmc-unreadable'], ['another form', { rawBody: '{"Members":[{"@odata.id":"http://elsewhere/redfish/v1"}]}' }, 'bmc-unreadable'],
    ['a server’s fault', { status: 503 }, 'bmc-refused'], ['a redirect elsewhere', { status: 302, rawBody: '' }, 'bmc-refused'],
  ])('%s is a coded error', async (_, faults, code) => {
    const server = await redfishServer();
    Object.assign(server.faults, faults);
    await expect(readBmc((await board(server.port)).parts, 'press')).rejects.toMatchObject({ code });
  });
  test('a refused log-in is asked for again and is in no message and no file', async () => {
    const server = await redfishServer();
    const { parts, asked, directory } = await board(server.port, { answer: (body) => (body.kind === 'certificate' ? { kind: 'accept' } : asked.length > 2 ? login : { kind: 'answers', answers: ['operator', 'wr0ng-secret'] }) });
    const refused: unknown = await readBmc(parts, 'press').catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 'bmc-login-refused', message: expect.stringContaining('The credentials are not valid') });
    expect(await readBmc(parts, 'press')).toHaveLength(1);
    expect(asked.map(({ kind }) => kind)).toEqual(['certificate', 'keyboard-interactive', 'keyboard-interactive']);
    const files = await readdir(directory, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8')));
    expect(`${texts.join('\n')}${JSON.stringify(refused)}`).not.toMatch(/wr0ng-secret|näher%20/);
  });
  test('nobody there, or something that speaks no TLS, is unreachable', async () => {
    const mute = createServer((socket) => { socket.end('220 ready\r\n'); });
    await new Promise<void>((listening) => { mute.listen(0, '127.0.0.1', listening); });
    onTestFinished(() => { mute.close(); });
    const address = mute.address();
    for (const port of [1, typeof address === 'object' && address !== null ? address.port : 0]) {
      await expect(readBmc((await board(port)).parts, 'press')).rejects.toMatchObject({ code: 'bmc-unreachable' });
    }
  });
});

describe('a change through the management controller', () => {
  test('goes to the settings object with its ETag, for the next reset, and is seen to wait', async () => {
    const server = await redfishServer();
    const access = await (await board(server.port)).access();
    expect(await access.read(turbo('Disabled'))).toEqual({ kind: 'redfish', value: 'Enabled', pending: false });
    await access.apply(turbo('Disabled'));
    expect(server.requests.at(-1)).toMatchObject({ method: 'PATCH', path: `${system}/Bios/Settings`, ifMatch: 'W/"1"', body: { Attributes: { ProcTurboMode: 'Disabled' }, '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' } } });
    expect(await access.read(turbo('Disabled'))).toEqual({ kind: 'redfish', value: 'Disabled', pending: true });
    await access.apply(turbo('Enabled'));
    expect(await access.read(turbo('Enabled'))).toEqual({ kind: 'redfish', value: 'Enabled', pending: false });
  });
  test('is taken into what is kept of the controller’s words', async () => {
    const server = await redfishServer();
    const setUp = await board(server.port);
    await readBmc(setUp.parts, 'press');
    await (await setUp.access()).apply(turbo('Disabled'));
    const kept = await managementReading(setUp.parts.store, 'press');
    expect(kept?.systems[0]?.attributes.find(({ name }) => name === 'ProcTurboMode')).toMatchObject({ value: 'Enabled', next: 'Disabled' });
    await writeFile(join(setUp.directory, 'boards/press/management.json'), '{');
    expect(await managementReading(setUp.parts.store, 'press')).toBeNull();
    expect(setUp.parts.store.quarantined.map(({ file }) => file)).toEqual([join('boards', 'press', 'management.json')]);
  });
  test('refused by the controller: its own words', async () => {
    const server = await redfishServer();
    const access = await (await board(server.port)).access();
    await expect(access.apply(turbo('Perhaps'))).rejects.toMatchObject({ code: 'bmc-refused', message: expect.stringContaining('not in the list of acceptable values') });
    expect(server.next['ProcTurboMode']).toBe('Enabled');
  });
  test('changed by somebody else meanwhile, not writable, or not there', async () => {
    const server = await redfishServer();
    const access = await (await board(server.port)).access();
    server.faults.staleEtag = true;
    await expect(access.apply(turbo('Disabled'))).rejects.toMatchObject({ code: 'board-moved' });
    server.faults.noSettings = true;
    await expect(access.apply(turbo('Disabled'))).rejects.toMatchObject({ code: 'bmc-refused' });
    await expect(access.read({ ...turbo('x'), attribute: 'toString' })).rejects.toMatchObject({ code: 'bmc-refused' });
    await expect(access.read({ ...turbo('x'), system: 'https://elsewhere.example/redfish/v1' })).rejects.toMatchObject({ code: 'bmc-unreadable' });
  });
  test('there is no way where the project does not say where the controller is', async () => {
    const { parts } = await board(443);
    const without = { ...await parts.store.board('press') };
    delete without.bmc;
    await parts.store.saveBoard(without);
    expect(await redfishAccessOf(parts, 'press')).toBeUndefined();
    await expect(readBmc(parts, 'press')).rejects.toMatchObject({ code: 'bmc-unknown' });
  });
});
