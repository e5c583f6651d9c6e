import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { formatSchemataLine, parseSchemataLine } from '../../../shared/planning/change/schemata-line.ts';

const plain = (text: string) => {
  const line = parseSchemataLine(text);
  return line === null ? null : formatSchemataLine(line);
};

describe('a line of resctrl’s schemata', () => {
  it.each([
    ['    L3:1=07fff;0=  ff', 'L3:0=ff;1=7fff'],
    ['MB:0= 60;1=100', 'MB:0=60;1=100'],
    ['L3CODE:0=1F', 'L3CODE:0=1f'],
    ['L2:16=ff;2=f', 'L2:2=f;16=ff'],
  ])('%s', (text, expected) => { expect(plain(text)).toBe(expected); });

  it.each(['', 'L3', 'L3:', 'L3:0', 'L3:0=', 'L3:0=xyz', 'MB:0=6f', 'l3:0=f', 'L3:0=f;'])('“%s” is none', (text) => { expect(plain(text)).toBeNull(); });

  it('comes back as it is, and is never thrown at', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.nat({ max: 999 }), { minLength: 1, maxLength: 9 }), fc.bigInt({ min: 0n, max: 0xffffffffn }), (ids, mask) => {
      const text = `L3:${[...ids].sort((a, b) => a - b).map((id) => `${String(id)}=${mask.toString(16)}`).join(';')}`;
      expect(plain(text)).toBe(text);
    }));
    fc.assert(fc.property(fc.string(), (text) => { plain(`L3:${text}`); }));
  });

  it('is done when every wanted id has its value, whatever the others have, and not when the hardware narrowed it', () => {
    const done = (line: string, found: string | null) => isDone({ kind: 'schemata', line }, { kind: 'schemata', line: found });
    expect(done('L3:0=ff', 'L3:0=ff;1=7fff')).toBe(true);
    expect(done('L3:0=ff;2=ff', 'L3:0=ff;1=7fff')).toBe(false);
    expect(done('L3:0=1ff', 'L3:0=ff')).toBe(false);
    expect(done('MB:0=15', 'MB:0=20')).toBe(false);
    expect(done('L3:0=ff', null)).toBe(false);
  });
});
