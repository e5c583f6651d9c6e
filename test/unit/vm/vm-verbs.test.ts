import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../electron/hosts/cli/run-cli.ts';
import type { Terminal } from '../../../electron/hosts/cli/terminal.ts';
import { domainFixtures, fixture, tuned } from './vm-kit.ts';

let folder = '';
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'rtvm-vm-verbs-')); });
afterAll(() => { rmSync(folder, { recursive: true }); });
// A failed check leaves its exit code with the process.
afterEach(() => { process.exitCode = undefined; });

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

async function run(argv: readonly string[], input = ''): Promise<{ code: number; data: string; notes: string }> {
  const said = { data: '', notes: '' };
  const terminal: Terminal = {
    data: (text) => { said.data += text; }, note: (text) => { said.notes += `${text}\n`; }, interactive: false, ask: () => Promise.reject(new Error('nobody to ask')), readAll: () => Promise.resolve(input),
  };
  return { code: await runCli(argv, terminal, '0.0.0'), ...said };
}

describe('vm tune', () => {
  it('prints the XML as data and the changes, with their reasons, as notes', async () => {
    const xml = fixture('eci/as-installed.xml');
    const { code, data, notes } = await run(['vm', 'tune', '--xml', file('domain.xml', xml), '--map', file('map.json', fixture('eci/map.json'))]);
    expect({ code, data }).toEqual({ code: 0, data: tuned(xml).xml });
    expect(notes).toContain('~ vcpu: <vcpu placement=\'static\'>2</vcpu> → <vcpu placement=\'static\'>8</vcpu>');
    expect(notes).toContain('- devices/sound: <sound model=\'ich9\'>');
    expect(notes.match(/Each vCPU has one isolated host CPU to itself/g)).toHaveLength(1);
  });

  it('as JSON, from standard input, by a CPU map', async () => {
    const map = file('plan.json', JSON.stringify({ housekeeping: [0, 1, 2, 3], isolated: [4, 5, 6, 7], emulator: [7], vms: [{ name: 'debian12', node: 0, vcpus: [{ vcpu: 0, cpu: 4 }, { vcpu: 1, cpu: 5 }] }], findings: [] }));
    const { code, data, notes } = await run(['vm', 'tune', '--xml', '-', '--map', map, '--json'], fixture('eci/as-installed.xml'));
    expect({ code, notes }).toEqual({ code: 0, notes: '' });
    expect(JSON.parse(data)).toMatchObject({ name: 'debian12', xml: expect.stringContaining('<emulatorpin cpuset=\'7\'/>'), changes: expect.arrayContaining([expect.objectContaining({ rule: 'pmu', from: null, to: '<pmu state=\'off\'/>' })]) });
  });

  it('says so when there is nothing to do', async () => {
    const { code, notes } = await run(['vm', 'tune', '--xml', '-', '--map', file('map.json', fixture('eci/map.json'))], tuned(fixture('eci/as-installed.xml')).xml);
    expect(code).toBe(0);
    expect(notes).toContain('debian12 is tuned already: nothing was changed.');
  });

  it.each([
    ['no domain', '<network/>', '{"vcpus": [4]}', 1, 'domain-unreadable'],
    ['no map', fixture('qemu/case_plain.xml'), '{"vcpus": [4], "emulater": 1}', 2, 'vm-map-unreadable'],
    ['a map that cannot be', fixture('qemu/case_plain.xml'), '{"vcpus": [4, 4]}', 1, 'vm-map-impossible'],
  ])('%s', async (_what, xml, map, code, error) => {
    const result = await run(['vm', 'tune', '--xml', '-', '--map', file('bad.json', map), '--json'], xml);
    expect(result).toMatchObject({ code, notes: expect.stringContaining(`(${error})`) });
    expect(JSON.parse(result.data)).toMatchObject({ error: { code: error, next: expect.any(String) } });
  });

  it('needs both files', async () => {
    expect(await run(['vm', 'tune', '--xml', 'x'])).toMatchObject({ code: 2, data: '', notes: expect.stringContaining('--map <file>') });
    expect(await run(['vm', 'tune', '--xml', '/nowhere', '--map', '/nowhere'])).toMatchObject({ data: '', notes: expect.stringContaining('/nowhere cannot be read') });
  });

  it('help tells a newcomer what a map is', async () => {
    const { code, data } = await run(['vm', 'tune', '--help']);
    expect(code).toBe(0);
    expect(data).toMatch(/"vcpus": \[4, 6, 8, 10\][\s\S]*virsh dumpxml --inactive/);
  });
});

describe('vm audit', () => {
  it('fails on a domain that is not real-time, and says why', async () => {
    const { code, data } = await run(['vm', 'audit', '--xml', '-'], fixture('eci/as-installed.xml'));
    expect(code).toBe(1);
    expect(data).toMatch(/^error {4}cputune\/vcpupin: vCPUs 0-1 are not pinned: /);
  });

  it('passes a tuned one; with a map, only where it is as the map says', async () => {
    const { xml } = tuned(fixture('eci/as-installed.xml'));
    expect(await run(['vm', 'audit', '--xml', '-', '--json'], xml)).toMatchObject({ code: 0 });
    const other = file('other.json', '{"vcpus": "20-27"}');
    const { code, data } = await run(['vm', 'audit', '--xml', '-', '--map', other, '--json'], xml);
    expect(code).toBe(1);
    expect(JSON.parse(data)).toMatchObject({ name: 'debian12', live: false, findings: expect.arrayContaining([expect.objectContaining({ rule: 'vcpu-pins', severity: 'error' })]) });
  });

  it.each(domainFixtures)('has something to say of %s', async (name) => {
    const { code, data } = await run(['vm', 'audit', '--xml', '-', '--json'], fixture(name));
    expect(code).toBeLessThan(2);
    expect(data).toContain('"severity":');
    expect(code).toBe(data.includes('"severity":"error"') ? 1 : 0);
  });
});
