import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { createPinia, setActivePinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import { setCore } from '../../../renderer/api/core.ts';
import { loadProject } from '../../../renderer/stores/session.ts';
import { useGuides } from '../../../renderer/stores/guides.ts';
import { byLayer, guideFor, stationOf } from '../../../renderer/views/guides/guide-choice.ts';
import { guideCounts, needsAttention, stationPip } from '../../../renderer/views/guides/guide-counts.ts';
import { statusWords } from '../../../renderer/views/guides/setting-words.ts';
import { barsText, stateBars } from '../../../renderer/views/guides/state-bars.ts';
import { createClient } from '../../../shared/contract/client.ts';
import { linkPair } from '../../../shared/contract/link.ts';
import { guideIds, layers, settingReportSchema, settingStatusSchema, stateVerdictSchema, type FourStates, type SettingReport, type StateVerdict, type StateVerdicts } from '../../../shared/model/setting.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { snapshotFromCapture } from '../../../shared/parsers/snapshot-from-capture.ts';
import { checkGuide } from '../../../shared/settings/check-guide.ts';
import { createFakeCore } from '../../support/fake-core.ts';

const states = (requested: string | null, written: string | null, booted: string | null, effective: string | null): FourStates => ({ requested, written, booted, effective });
const verdicts = (written: StateVerdict, booted: StateVerdict, effective: StateVerdict): StateVerdicts => ({ written, booted, effective });
const kinds = (status: SettingReport['status'], stuckAt: SettingReport['stuckAt'], four: FourStates, judged: StateVerdicts) => stateBars({ status, stuckAt, states: four, verdicts: judged }).map(({ kind }) => kind);

describe('bars of a setting', () => {
  it('breaks from the state on where a misspelt parameter is stuck', () => {
    expect(kinds('change', 'written', states('a=disable', 'a=disabled', 'a=disabled', 'driver a'), verdicts('bad', 'bad', 'bad'))).toEqual(['good', 'bad', 'bad', 'bad']);
  });

  it('waits where the next start will do', () => {
    expect(kinds('change', 'booted', states('a=1', 'a=1', 'absent', 'off'), verdicts('good', 'bad', 'bad'))).toEqual(['good', 'good', 'warn', 'warn']);
  });

  it('is right up to the effect that fails to appear, seen or not', () => {
    expect(kinds('change', 'effective', states('nohz_full=1', 'nohz_full=1', 'nohz_full=1', 'every CPU ticks'), verdicts('good', 'good', 'bad'))).toEqual(['good', 'good', 'good', 'bad']);
    expect(kinds('change', 'effective', states('none', null, null, null), verdicts('none', 'none', 'bad'))).toEqual(['good', 'empty', 'empty', 'bad']);
  });

  it('lets the present be right although the next start will not be, in whatever words', () => {
    expect(kinds('change', 'written', states('a=1', 'absent', 'a=1', 'on'), verdicts('bad', 'good', 'good'))).toEqual(['good', 'bad', 'good', 'good']);
    expect(kinds('change', 'written', states('10', 'absent', null, '120'), verdicts('bad', 'none', 'good'))).toEqual(['good', 'bad', 'empty', 'good']);
    expect(kinds('change', 'written', states('0', 'absent', null, '1'), verdicts('bad', 'none', 'bad'))).toEqual(['good', 'bad', 'empty', 'bad']);
  });

  it('leaves bare what is in order without being written, and what nobody asked for', () => {
    expect(kinds('ok', null, states('nmi=0', 'absent', 'absent', '0'), verdicts('bad', 'bad', 'good'))).toEqual(['good', 'empty', 'empty', 'good']);
    expect(kinds('not-applicable', null, states('0', 'absent', null, null), verdicts('bad', 'none', 'none'))).toEqual(['empty', 'empty', 'empty', 'empty']);
    expect(kinds('manual', null, states('Disabled', null, null, 'on'), verdicts('none', 'none', 'unknown'))).toEqual(['good', 'empty', 'empty', 'warn']);
  });

  it('says in words what it draws', () => {
    expect(barsText(stateBars({ status: 'change', stuckAt: 'written', states: states('a=1', 'absent', null, 'off'), verdicts: verdicts('bad', 'none', 'bad') }))).toBe('requested: a=1; written: absent, not as asked for; effective: off, not as asked for');
    expect(barsText(stateBars({ status: 'not-applicable', stuckAt: null, states: states(null, null, null, null), verdicts: verdicts('none', 'none', 'none') }))).toBe('no state is known');
  });

  it('draws what was judged, and never more than is known', () => {
    const value = fc.option(fc.constantFrom('a=1', 'absent', 'on'), { nil: null });
    const verdict = fc.constantFrom(...stateVerdictSchema.options);
    fc.assert(fc.property(settingStatus, stuckAt, fc.record({ requested: value, written: value, booted: value, effective: value }), fc.record({ written: verdict, booted: verdict, effective: verdict }), (status, stuck, four, judged) => {
      const bars = stateBars({ status, stuckAt: stuck, states: four, verdicts: judged });
      expect(bars.map(({ state }) => state)).toEqual(['requested', 'written', 'booted', 'effective']);
      expect(bars.filter(({ kind, value: said }) => kind === 'good' && said === null)).toEqual([]);
      for (const { state, kind } of bars) if (state !== 'requested' && kind === 'bad') expect(judged[state]).toBe('bad');
      if (status === 'ok' || status === 'not-applicable') expect(bars.some(({ kind }) => kind === 'bad')).toBe(false);
    }));
  });
});

const settingStatus = fc.constantFrom(...settingStatusSchema.options);
const stuckAt = fc.constantFrom(...settingReportSchema.shape.stuckAt.unwrap().options, null);

describe('what a page of settings says', () => {
  const judged = (status: SettingReport['status'], stuck: SettingReport['stuckAt'] = null) => ({ status, stuckAt: stuck });

  it('counts what is asked for, in order, stuck, waiting and to be looked at', () => {
    const settings = [judged('ok'), judged('ok'), judged('change', 'written'), judged('change', 'booted'), judged('blocked'), judged('manual'), judged('unknown'), judged('not-applicable')];
    expect(guideCounts(settings)).toEqual({ asked: 7, inOrder: 2, open: 3, stuck: 2, waiting: 1, toLook: 2 });
    expect(settings.filter(needsAttention)).toHaveLength(5);
  });

  it('counts on a tab what is to be changed, and quietly what only a person can see', () => {
    expect(stationPip(null)).toMatchObject({ pip: '–', words: 'not judged yet' });
    expect(stationPip([judged('change', 'written'), judged('blocked'), judged('manual')])).toEqual({ pip: '2', tone: 'bad', words: '2 to change' });
    expect(stationPip([judged('change', 'booted')])).toMatchObject({ pip: '1', tone: 'warn' });
    expect(stationPip([judged('manual'), judged('ok')])).toEqual({ pip: '1', tone: '', words: '1 to look at yourself' });
    expect(stationPip([judged('ok')])).toMatchObject({ pip: '✓', tone: 'good' });
    expect(stationPip([judged('not-applicable')])).toMatchObject({ pip: '–', tone: '' });
  });

  it('says where a change is stuck', () => {
    expect(statusWords(judged('change', 'written')).text).toBe('not written');
    expect(statusWords(judged('change', 'booted'))).toEqual({ tone: 'warn', text: 'waits for a restart' });
    expect(statusWords(judged('manual')).text).toBe('look yourself');
  });
});

describe('the guide of a board', () => {
  const on = (kind: 'bare-metal' | 'vm', name: string | null = null) => ({ kind, name, evidence: null });

  it('follows the role, and the hypervisor that was read', () => {
    expect([guideFor('host', on('bare-metal')), guideFor('host', on('vm', 'kvm')), guideFor('guest', on('vm', 'kvm')), guideFor('bare', on('bare-metal'))]).toEqual(['kvm-host', 'kvm-host', 'kvm-guest', 'bare-metal']);
    expect([guideFor('host', on('vm', 'ACRNACRNACRN')), guideFor('guest', on('vm', 'acrn'))]).toEqual(['acrn-service-vm', 'acrn-rtvm']);
  });

  it('judges as a guest what was called bare metal and is a virtual machine', () => {
    expect(guideFor('bare', on('vm', 'kvm'))).toBe('kvm-guest');
  });

  it('shows every layer on one station, every setting once', () => {
    expect(layers.map(stationOf)).toEqual(['firmware', 'kernel', 'runtime', 'runtime', 'runtime', 'kernel', 'runtime', 'runtime']);
    const text = readFileSync('test/fixtures/captures/emulated-board-root.capture', 'utf8');
    const capture = parseCapture(text);
    if (!capture.ok) throw capture.error;
    for (const guide of guideIds) {
      const { settings } = checkGuide({ snapshot: snapshotFromCapture(text), capture: capture.value, guide, housekeeping: null });
      const shown = (['firmware', 'kernel', 'runtime'] as const).flatMap((station) => byLayer(settings, station).flatMap((group) => group.settings.map(({ id }) => id)));
      expect(shown.toSorted()).toEqual(settings.map(({ id }) => id).toSorted());
    }
  });
});

describe('guides the window knows', () => {
  it('are judged by board and guide, null for a board never read, and forgotten with the project', async () => {
    const [mine, theirs] = linkPair();
    createFakeCore().serve(theirs);
    setCore(createClient(mine));
    setActivePinia(createPinia());
    const guides = useGuides();
    await Promise.all([guides.load('press-host', 'kvm-host'), guides.load('practice', 'kvm-host')]);
    guides.choose('press-host', 'bare-metal');
    expect(guides.of('press-host', 'kvm-host')?.settings.find(({ id }) => id === 'kernel.intel-pstate')).toMatchObject({ status: 'change', states: { booted: 'intel_pstate=disabled' } });
    expect(guides.of('press-host', 'kvm-host')?.housekeeping).toEqual([0, 1, 2, 3]);
    expect(guides.of('practice', 'kvm-host')).toBeNull();
    expect(guides.of('press-host', 'bare-metal')).toBeUndefined();

    await loadProject();
    expect(guides.of('press-host', 'kvm-host')).toBeUndefined();
    expect(guides.chosen.size).toBe(0);
    theirs.close();
  });
});
