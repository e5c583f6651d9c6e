import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitCount, isContiguous, planCacheWays } from '../../../shared/planning/cache-ways.ts';
import { parseByteSize } from '../../../shared/parsers/byte-size.ts';

const mebibyte = 2 ** 20;
const xeon = { sizeBytes: 60 * mebibyte, mask: 0x7fff, minimumWays: 1, shareableMask: 0 };

describe('cache ways', () => {
  test('a 15-bit mask over 60 MiB is 15 ways of 4 MiB, and 8 MiB are two of them', () => {
    const plan = planCacheWays(xeon, { hostBytes: 8 * mebibyte, vms: [{ name: 'rt', bytes: 8 * mebibyte }] });
    expect(plan).toMatchObject({ ok: true, value: {
      ways: 15, wayBytes: 4 * mebibyte, host: { mask: '3', bytes: 8 * mebibyte }, vms: [{ name: 'rt', mask: 'c', bytes: 8 * mebibyte }], findings: [],
    } });
  });

  test('a share is rounded up to whole ways, and says so', () => {
    const plan = planCacheWays(xeon, { hostBytes: 9 * mebibyte, vms: [] });
    expect(plan).toMatchObject({ ok: true, value: { host: { mask: '7', bytes: 12 * mebibyte }, findings: [{ rule: 'whole-ways', severity: 'note' }] } });
  });

  test('what does not fit is refused by name', () => {
    const plan = planCacheWays(xeon, { hostBytes: 40 * mebibyte, vms: [{ name: 'a', bytes: 16 * mebibyte }, { name: 'b', bytes: 8 * mebibyte }] });
    expect(plan).toMatchObject({ ok: true, value: { vms: [{ mask: '3c00' }, { mask: '0', bytes: 0 }], findings: [{ rule: 'enough-ways', element: 'b', severity: 'error' }] } });
  });

  test('ways shared with devices are kept for the host', () => {
    const plan = planCacheWays({ ...xeon, shareableMask: 0x7 }, { hostBytes: 4 * mebibyte, vms: [{ name: 'rt', bytes: 8 * mebibyte }] });
    expect(plan).toMatchObject({ ok: true, value: { findings: [{ rule: 'not-shareable', element: 'rt' }] } });
  });

  test('the least number of ways is respected', () => {
    const plan = planCacheWays({ ...xeon, minimumWays: 2 }, { hostBytes: 1, vms: [{ name: 'rt', bytes: mebibyte }] });
    expect(plan).toMatchObject({ ok: true, value: { host: { mask: '3' }, vms: [{ mask: 'c', ways: 2 }] } });
  });

  test('a mask with holes is not the mask of a whole cache', () => {
    expect(planCacheWays({ ...xeon, mask: 0x7bff }, { hostBytes: 1, vms: [] })).toMatchObject({ ok: false, error: { code: 'bad-usage' } });
  });

  test('shares are contiguous, inside the cache and disjoint, for any request', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 3 }), fc.nat(50), fc.array(fc.nat(60), { maxLength: 6 }), (ways, mebibytes, minimumWays, host, vms) => {
      const mask = 2 ** ways - 1;
      const plan = planCacheWays({ sizeBytes: mebibytes * mebibyte, mask, minimumWays, shareableMask: 0 }, { hostBytes: host * mebibyte, vms: vms.map((size, index) => ({ name: `vm${index}`, bytes: size * mebibyte })) });
      if (!plan.ok) throw plan.error;
      const masks = [plan.value.host, ...plan.value.vms].map((share) => Number.parseInt(share.mask, 16)).filter((share) => share !== 0);
      for (const share of masks) expect(isContiguous(share) && (share & ~mask) === 0 && bitCount(share) >= minimumWays).toBe(true);
      expect(masks.reduce((all, share) => all + bitCount(share), 0)).toBe(bitCount(masks.reduce((all, share) => all | share, 0)));
    }), { numRuns: 3_000 });
  });
});

describe('sizes', () => {
  test.each([['60MiB', 60 * mebibyte], ['8M', 8 * mebibyte], ['512 KiB', 512 * 1024], ['6815744', 6_815_744], ['1.5GiB', 1.5 * 2 ** 30], ['8MB', 8e6]])('%s', (text, bytes) => {
    expect(parseByteSize(text)).toEqual({ ok: true, value: bytes });
  });
  test.each(['', 'MiB', '-8M', '8 parsecs', '1e9', '8M8'])('“%s” is none', (text) => {
    expect(parseByteSize(text)).toMatchObject({ ok: false, error: { code: 'bad-usage' } });
  });
});
