import { describe, expect, test } from 'vitest';
import { newcomer } from './practice-newcomer.ts';

describe('the host’s own share of the cache, on the practice board', () => {
  const { at } = newcomer('dual-xeon');
  const resctrl = async () => (await at().read()).resctrl;

  test('is refused by the kernel in its own words where it could not be checked before; all is put back, the mount included', async () => {
    expect(await resctrl()).toMatchObject({ supported: true, mounted: false });
    const plan = await at().plan({ kind: 'host-cache', resource: 'L3', masks: { 0: 'fffff' } });
    const body = await at().apply(plan);
    expect(body).toMatchObject({ kind: 'failed', error: { code: 'step-failed', state: 'Everything this change did was put back.' } });
    expect(JSON.stringify(body)).toMatch(/the kernel refused this share.*Mask out of range/);
    expect(await resctrl()).toMatchObject({ mounted: false });
  });

  test('holds now and after a restart, and is taken back with its mount', async () => {
    const plan = await at().plan({ kind: 'host-cache', resource: 'L3', masks: { 0: '1ff', 1: '00ff' } });
    expect(await at().apply(plan)).toMatchObject({ kind: 'done' });
    const { plan: again } = await at().client.call('plans.propose', { boardId: at().boardId, want: { kind: 'host-cache', resource: 'L3', masks: { 0: '1ff', 1: '00ff' } } });
    expect(again?.steps ?? []).toEqual([]);
    await at().restart();
    const { mounted, schemata } = await resctrl();
    expect([mounted, schemata.find((line) => line.includes('L3:'))]).toEqual([true, expect.stringMatching(/0=0*1ff;1=0*ff$/)]);
    expect(await at().undo(plan.id)).toMatchObject({ kind: 'done' });
    expect(await resctrl()).toMatchObject({ mounted: false });
  });

  test('of bandwidth is changed where resctrl is mounted already, and given back as it was', async () => {
    const mounting = await at().plan({ kind: 'host-cache', resource: 'L3', masks: { 0: 'fff' } });
    expect(await at().apply(mounting)).toMatchObject({ kind: 'done' });
    await at().read();
    const plan = await at().plan({ kind: 'host-cache', resource: 'MB', masks: { 0: '60' } });
    expect(plan.steps.map(({ action }) => action.kind)).toEqual(['schemata', 'file', 'generate', 'unit']);
    expect(await at().apply(plan)).toMatchObject({ kind: 'done' });
    expect((await resctrl()).schemata.find((line) => line.includes('MB:'))).toMatch(/0= *60;1= *100$/);
    await expect(at().undo(mounting.id)).rejects.toMatchObject({ code: 'undo-refused' });
    expect(await at().undo(plan.id)).toMatchObject({ kind: 'done' });
    expect((await resctrl()).schemata.find((line) => line.includes('MB:'))).toMatch(/0= *100;1= *100$/);
    expect(await at().undo(mounting.id)).toMatchObject({ kind: 'done' });
  });
});
