import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tuneDomain } from '../../../shared/planning/vm/tune-domain.ts';
import { domainFixtures, fixture, mapFor, tuned } from './vm-kit.ts';
import { assembledDomains, foreignXml } from './vm-arbitraries.ts';

const map = mapFor('hand-written/');

describe('domains put together of what real ones have', () => {
  it('are tuned in one go: a second time changes nothing', () => {
    fc.assert(fc.property(assembledDomains, (xml) => {
      const once = tuned(xml, map);
      expect(tuneDomain(once.xml, map)).toMatchObject({ ok: true, value: { changes: [], xml: once.xml } });
    }), { numRuns: 150 });
  });

  it('keep their metadata sign by sign, whatever it holds', () => {
    fc.assert(fc.property(assembledDomains, foreignXml, (xml, foreign) => {
      const metadata = `<metadata>${foreign}</metadata>`;
      expect(tuned(xml.replace('</name>', () => `</name>${metadata}`), map).xml).toContain(metadata);
    }), { numRuns: 150 });
  });

  it('cut off anywhere, are refused with a code', () => {
    fc.assert(fc.property(fc.oneof(assembledDomains, fc.constantFrom(...domainFixtures).map(fixture)), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (xml, part) => {
      expect(tuneDomain(xml.slice(0, Math.floor(xml.length * part)), map)).toMatchObject({ ok: false, error: { code: 'domain-unreadable' } });
    }), { numRuns: 150 });
  });
});
