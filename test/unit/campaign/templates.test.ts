import { describe, expect, it } from 'vitest';
import { composeCells, hostOf, type CampaignBoard } from '../../../shared/planning/campaign/campaign-cells.ts';
import { campaignTemplates, wishOf } from '../../../shared/planning/campaign/campaign-templates.ts';
import { requestInWish, templateRequest } from '../../../shared/planning/campaign/template-request.ts';
import { cyclictestCommand } from '../../../shared/planning/cyclictest-command.ts';
import { formOf, readCampaignForm } from '../../../renderer/forms/campaign-form.ts';
import { campaignWishSchema } from '../../../shared/model/campaign.ts';
import type { Board } from '../../../shared/model/board.ts';
import { board as snapshot } from '../planning/cyclictest-kit.ts';
import { cellOf, wish } from './campaign-kit.ts';

const eight = snapshot({ cpus: { online: [0, 1, 2, 3, 4, 5, 6, 7], isolated: [2, 3, 4, 5] } });
const four = snapshot();

const commandOf = (template: Parameters<typeof wishOf>[0], on: typeof four): { command: string; notes: string } => {
  const fitted = templateRequest(template, on, wishOf(template, ['b'], 1), null);
  if (fitted === null || !('segmentSeconds' in fitted.request.options)) throw new Error('cyclictest is expected');
  return { command: cyclictestCommand(fitted.request.options, { seconds: fitted.request.options.segmentSeconds, toolVersion: '2.4-1' }).join(' '), notes: fitted.notes.join('\n') };
};

describe('templates', () => {
  it('measure what the ECI document measures where the board allows it, and say what they changed where not', () => {
    const same = commandOf('eci-acceptance', eight);
    expect(same.command).toBe('cyclictest -q -m -p 99 -i 1000 -h 400 -D 600 -a 2-5 -t 4 --mainaffinity=0-1,6-7');
    expect(same.notes).not.toContain('-a 2-5 became');
    expect(same.notes).toContain('-D 86400 and the histogram were added');
    expect(same.notes).toContain('-d 1 is left out');
    const fewer = commandOf('eci-acceptance', four);
    expect(fewer.command).toContain('-a 2-3 -t 2');
    expect(fewer.notes).toContain('-t 4 -a 2-5 became -t 2 -a 2-3');
    expect(wishOf('eci-acceptance', ['b'], 1).durationSeconds).toBe(86_400);
  });

  it('translate what newer rt-tests dropped from the Hitachi command, and say so', () => {
    const { command, notes } = commandOf('hitachi-comparison', four);
    expect(command).toBe('cyclictest -q -m -p 99 -i 1000 -h 30000 -D 300 -a 2 -t 1 --mainaffinity=0-1');
    expect(notes).toContain('-n is left out');
    expect(notes).toContain('-l 300000 became -D 300');
    expect(notes).toContain('-a 0 became -a 2');
  });

  it('begin with wishes that are whole, and that the form gives back as they are', () => {
    for (const { id } of campaignTemplates) {
      const made = wishOf(id, ['a', 'b'], 42);
      expect(campaignWishSchema.parse(made)).toEqual(made);
      expect(readCampaignForm(formOf(made), made)).toEqual({ ok: true, wish: { ...made, loads: made.loads.map(({ workload }) => ({ workload, on: { kind: 'host' } })) } });
    }
    expect(templateRequest('firmware-gate', four, wish, null)).toBeNull();
  });

  it('take length and deadline of every request from the wish', () => {
    const { request } = cellOf(1);
    expect(requestInWish(request, { durationSeconds: 7_200, deadlineUs: 50, deadlineFraction: 0.99 }).options).toMatchObject({ durationSeconds: 7_200, segmentSeconds: 60, deadlineUs: 50, deadlineFraction: 0.99 });
  });
});

describe('cells of a wish', () => {
  const ssh = (port: number, jumps: number[] = []): Board['reach'] => ({ kind: 'ssh', target: hop(port), jumps: jumps.map(hop) });
  const hop = (port: number) => ({ address: '192.0.2.1', port, user: 'root', login: { method: 'agent' as const } });
  const boardOf = (id: string, role: Board['role'], reach: Board['reach']): Board => ({ schema: 1, id, name: id.toUpperCase(), role, reach, notes: '', hostKeys: [], addedAt: '20261121T100000Z' });
  const [host, guest] = [boardOf('host', 'host', ssh(22)), boardOf('guest', 'guest', ssh(2222, [22]))];
  const known = (one: Board, on = four): CampaignBoard => ({ board: one, latest: { id: '20261120T141000Z', snapshot: on }, hostId: hostOf(one, [host, guest])?.id ?? null });
  const prepared = (boardId: string) => ({ boardId, request: cellOf(1).request, notes: ['a note'], command: ['cyclictest'], conditions: [], problems: [] });
  const both = { ...wish, places: [{ boardId: 'host', kernel: 'as-is' as const }, { boardId: 'guest', kernel: 'as-is' as const }], loads: [{ workload: null, on: { kind: 'host' as const } }, { workload: 'stress-cpu' as const, on: { kind: 'host' as const } }], repeats: 2 };

  it('are places × loads × repeats, with the load where it belongs and the host watched', () => {
    const { cells, notes, problems } = composeCells(both, [known(host), known(guest)], [prepared('host'), prepared('guest')]);
    expect(cells.map(({ number, condition, repeat, load, host: watched }) => [number, condition, repeat, load?.boardId ?? null, watched?.boardId ?? null])).toEqual([
      [1, 'HOST · idle', 1, null, null], [2, 'HOST · CPU', 1, 'host', null], [3, 'GUEST · idle', 1, null, 'host'], [4, 'GUEST · CPU on HOST', 1, 'host', 'host'],
      [5, 'HOST · idle', 2, null, null], [6, 'HOST · CPU', 2, 'host', null], [7, 'GUEST · idle', 2, null, 'host'], [8, 'GUEST · CPU on HOST', 2, 'host', 'host'],
    ]);
    expect(notes).toEqual(['HOST: a note', 'GUEST: a note']);
    expect(problems.map(({ severity }) => severity)).toEqual(['note']);
  });

  it('are none where a board is unknown, unread, or has no host to load', () => {
    const lonely = { ...known(guest), hostId: null };
    expect(composeCells(both, [lonely], [prepared('guest')]).problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([
      'This project has no board “host”.', 'The host of GUEST is no board of this project, so no load can be started there. Add it, or load the measured board.',
    ]);
    expect(composeCells(both, [{ ...known(host), latest: null }], []).problems[0]?.message).toContain('HOST has not been read yet');
    expect(composeCells({ ...both, repeats: 100, places: both.places.slice(0, 1), loads: [...both.loads, ...(['stress-io', 'stress-cache', 'busy-loop', 'stress-memory'] as const).map((workload) => ({ workload, on: { kind: 'host' as const } }))] }, [known(host)], [prepared('host')])).toMatchObject({ cells: [], problems: [{ severity: 'error' }] });
  });

  it('say beforehand which cells another kernel will leave missing', () => {
    const other = { ...both, places: [{ boardId: 'host', kernel: 'standard' as const }] };
    expect(composeCells(other, [known(host)], [prepared('host')]).problems[0]).toMatchObject({ severity: 'warning', message: expect.stringContaining('HOST ran a real-time kernel') });
  });

  it('have forms that say what is wrong with a field', () => {
    const read = readCampaignForm({ ...formOf(both), duration: '1.5h', repeats: '0', lead: '2h', deadline: '-3', places: [], idle: false, workloads: [] }, both);
    expect(read.ok ? [] : Object.keys(read.problems).sort()).toEqual(['deadline', 'duration', 'lead', 'loads', 'places', 'repeats']);
  });
});
