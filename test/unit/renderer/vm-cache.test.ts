import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definedShares, divisibleCaches, judgeShares, lowestWay, placeShares, runMask, type DivisibleCache } from '../../../renderer/views/vms/cache/cache-table.ts';
import { mapWithShare, shareVcpus } from '../../../renderer/views/vms/cache/map-with-share.ts';
import { bitCount } from '../../../shared/planning/cache-ways.ts';
import { tuneDomain } from '../../../shared/planning/vm/tune-domain.ts';
import { vmHostReport } from '../../../shared/planning/vm/vm-host-report.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { snapshotOf } from '../../support/fake-core/machines.ts';
import { fakeVmHost, installedDomain, vmCpuMap, vmOf } from '../../support/fake-core/vm-data.ts';

const mib = 2 ** 20;
const snapshot = snapshotOf('xeon', '20261121T100000Z');
const report = vmHostReport(fakeVmHost('20261121T100000Z'), vmCpuMap);
const resctrl = (changes: Partial<Snapshot['resctrl']>): Snapshot => ({ ...snapshot, resctrl: { ...snapshot.resctrl, ...changes } });
const text = (bytes: number) => `${String(bytes / mib)} MiB`;
const cache: DivisibleCache = { key: 'L3 0', resource: 'L3', level: 3, id: 0, sizeBytes: 60 * mib, wayBytes: 4 * mib, mask: 0x7fff, minimumWays: 1, shareableMask: 0x6000, hostMask: 0x7fff, cpus: [4, 6, 8, 10], isProvisional: false, kinds: ['both'] };
const rules = (hostMask: number, shares: Parameters<typeof placeShares>[2] = []) => judgeShares(cache, hostMask, placeShares(cache, hostMask, shares), text).map(({ rule }) => rule);

describe('caches that can be divided', () => {
  it('have their ways from the mask, their size from the cache, and what the host has from the groups', () => {
    const { caches, none } = divisibleCaches(snapshot, report);
    expect(none).toBeNull();
    expect(caches.map(({ key, wayBytes, mask, shareableMask, hostMask }) => ({ key, wayBytes, mask, shareableMask, hostMask }))).toEqual([
      { key: 'L3 0', wayBytes: 4 * mib, mask: 0x7fff, shareableMask: 0x6000, hostMask: 0x7fff }, { key: 'L3 1', wayBytes: 4 * mib, mask: 0x7fff, shareableMask: 0x6000, hostMask: 0x7fff },
    ]);
  });

  it('are drawn before resctrl is mounted, and said to be provisional', () => {
    const [first] = divisibleCaches(resctrl({ supported: true, mounted: false, resources: [], schemata: [] }), null).caches;
    expect(first).toMatchObject({ isProvisional: true, mask: 0x7fff, hostMask: null });
  });

  it('are divided twice where code and data are apart', () => {
    const found = (name: string) => ({ name, cbmMask: 'ff', minBits: 1, shareableBits: '0', closids: 8 });
    const [first] = divisibleCaches(resctrl({ mounted: true, resources: [found('L3CODE'), found('L3DATA')], schemata: ['L3CODE:0=f;1=ff', 'L3DATA:0=f;1=ff'] }), null).caches;
    expect(first).toMatchObject({ kinds: ['code', 'data'], hostMask: 0xf });
  });

  it.each([
    ['the processor cannot', resctrl({ supported: false, flags: [], resources: [] }), /flags/],
    ['the kernel does not', resctrl({ supported: false, flags: ['cat_l3'], resources: [] }), /kernel does not offer/],
    ['it divides bandwidth only', resctrl({ mounted: true, resources: [{ name: 'MB', cbmMask: null, minBits: null, shareableBits: null, closids: 8 }] }), /bandwidth/],
    ['it is a VM', { ...resctrl({ supported: false, flags: [], resources: [] }), virtualisation: { kind: 'vm' as const, name: 'kvm', evidence: null } }, /virtual machine/],
  ])('are none where %s, with the reason, the evidence and what to do', (_, board, reason) => {
    const { caches, none } = divisibleCaches(board, null);
    expect(caches).toEqual([]);
    expect(none?.reason).toMatch(reason);
    expect(none?.evidence.length).toBeGreaterThan(0);
    expect(none?.next).not.toBe('');
  });
});

describe('shares of VMs', () => {
  it('lie in the smallest hole that holds them, as libvirt puts them', () => {
    expect(placeShares(cache, 0x1ff0, [{ vm: 'a', bytes: 8 * mib }, { vm: 'b', bytes: 16 * mib }, { vm: 'c', bytes: 4 * mib }]).map(({ mask }) => mask)).toEqual([0x6000, 0xf, null]);
  });

  it('never overlap with each other or the host, whatever is asked', () => {
    const masks = fc.tuple(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 1, max: 32 })).map(([from, ways]) => runMask(from, Math.min(ways, 32 - from)));
    fc.assert(fc.property(masks, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }), (hostMask, sizes) => {
      const whole: DivisibleCache = { ...cache, mask: 0xffffffff, sizeBytes: 128 * mib };
      const placed = placeShares(whole, hostMask, sizes.map((size, at) => ({ vm: String(at), bytes: size * 4 * mib }))).flatMap(({ mask }) => mask ?? []);
      expect(bitCount([hostMask, ...placed].reduce((all, mask) => all + mask, 0))).toBe([hostMask, ...placed].reduce((sum, mask) => sum + bitCount(mask), 0));
    }));
  });

  it('are spoken against where they cannot be, or are touched by devices', () => {
    expect(rules(0x7fff)).toEqual(['nothing-free']);
    expect(rules(0)).toContain('host-needs-ways');
    expect(rules(0x1ffff)).toContain('in-range');
    expect(rules(0x5)).toContain('one-run');
    expect(rules(0x7fff, [{ vm: 'rt', bytes: 8 * mib }])).toContain('enough-ways');
    expect(rules(0x1fff, [{ vm: 'rt', bytes: 8 * mib }])).toEqual(['not-shareable']);
    expect(rules(0x7f80, [{ vm: 'rt', bytes: 7 * mib }])).toEqual(['whole-ways']);
    expect(rules(0x7f80, [{ vm: 'rt', bytes: 8 * mib }])).toEqual([]);
  });

  it('come from definitions, and go into the map of a VM as whole ways for all vCPUs but the first', () => {
    const map = report.vms[0]?.map;
    if (!map) throw new Error('rt is on the map');
    expect(shareVcpus(map, cache.cpus)).toEqual([1, 2, 3]);
    expect(shareVcpus(map, [5, 7])).toEqual([]);
    const shared = mapWithShare(map, cache, 8 * mib);
    expect(shared.cache).toEqual([{ vcpus: [1, 2, 3], id: 0, level: 3, type: 'both', sizeBytes: 8 * mib, granularityBytes: 4 * mib }]);
    const tuned = tuneDomain(installedDomain('rt', 4), shared);
    if (!tuned.ok) throw tuned.error;
    expect(definedShares(vmHostReport({ ...fakeVmHost('20261121T100000Z'), vms: [vmOf('rt', tuned.value.xml)] }, vmCpuMap).vms, cache)).toEqual([{ vm: 'rt', bytes: 8 * mib }]);
    expect(mapWithShare(shared, cache, null).cache).toEqual([]);
    expect(mapWithShare(map, { ...cache, kinds: ['code', 'data'] }, 8 * mib).cache.map(({ type }) => type)).toEqual(['code', 'data']);
  });

  it('have their lowest way found in any mask', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 31 }), fc.integer({ min: 1, max: 32 }), (from, ways) => { expect(lowestWay(runMask(from, Math.min(ways, 32 - from)))).toBe(from); }));
  });
});
