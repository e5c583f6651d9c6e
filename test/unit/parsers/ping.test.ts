import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal, rowOf, type Row } from './tool-fixture.ts';

/** Figures computed from the recordings by other means: times of the lines, minimum, average and maximum of the summary. */
const recorded: ReadonlyArray<readonly [file: string, rows: readonly Row[]]> = [
  ['ping/busybox.txt', [
    ['round trip to 127.0.0.1', null, 5, 69000, 85000, 112000, 0, 5, 426000],
  ]],
  ['ping/busybox_quiet.txt', [
    ['round trip to 127.0.0.1', null, 3, 54000, 107000, 196000, 0, 0, 0],
  ]],
  ['ping/flood.txt', [
    ['round trip to 127.0.0.1', null, 200, 1000, 2000, 48000, 0, 0, 0],
  ]],
  ['ping/flood_quiet.txt', [
    ['round trip to 127.0.0.1', null, 200, 1000, 1000, 24000, 0, 0, 0],
  ]],
  ['ping/ipv6.txt', [
    ['round trip to ::1', null, 3, 51000, 1020000, 2952000, 0, 3, 3058000],
  ]],
  ['ping/lines.txt', [
    ['round trip to 127.0.0.1', null, 20, 20000, 61000, 190000, 0, 18, 1234000],
  ]],
  ['ping/quiet.txt', [
    ['round trip to 127.0.0.1', null, 50, 5000, 14000, 39000, 0, 0, 0],
  ]],
  ['ping/sigint.txt', [
    ['round trip to 127.0.0.1', null, 5, 49000, 55000, 65000, 0, 5, 277000],
  ]],
  ['ping/sigkill.txt', [
    ['round trip to 127.0.0.1', null, 3, 57000, 77000, 96000, 0, 3, 231000],
  ]],
  ['ping/small.txt', [
    ['round trip to 127.0.0.1', null, 0, null, null, null, 0, 0, 0],
  ]],
  ['ping/timestamps.txt', [
    ['round trip to 127.0.0.1', null, 5, 13000, 44000, 57000, 0, 4, 223000],
  ]],
  ['ping/unreachable.txt', [
    ['round trip to 203.0.113.1', null, 0, null, null, null, 0, 0, 0],
  ]],
];

describe('recorded outputs of ping', () => {
  it.each(recorded)('%s', (file, rows) => { expect(parsed('ping', fixture(file)).distributions.map(rowOf)).toEqual(rows); });

  it.each([
    ['ping/badopt.stderr.txt', 1, 'an option was not accepted'],
    ['ping/noname.stderr.txt', 1, 'the name could not be resolved'],
    ['ping/version.txt', 1, 'ping prints no such line'],
  ])('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('ping', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });
});

describe('what ping says beside times', () => {
  it('how much was lost, and what was said of it', () => {
    expect(parsed('ping', fixture('ping/unreachable.txt'))).toMatchObject({
      scalars: [
        { name: 'packets sent', value: 2, unit: 'count' }, { name: 'packets received', value: 0, unit: 'count' },
        { name: 'lost', value: 100, unit: '%' }, { name: 'errors', value: 2, unit: 'count' },
      ],
      warnings: ['From 192.0.2.1 icmp_seq=1 Destination Port Unreachable', 'From 192.0.2.1 icmp_seq=2 Destination Port Unreachable'],
    });
  });

  it('duplicates are no round trips', () => {
    const text = 'PING host (192.0.2.9) 56(84) bytes of data.\n64 bytes from 192.0.2.9: icmp_seq=1 ttl=64 time=1.00 ms\n64 bytes from 192.0.2.9: icmp_seq=1 ttl=64 time=5.00 ms (DUP!)\n\n--- host ping statistics ---\n1 packets transmitted, 1 received, +1 duplicates, 0% packet loss, time 0ms\nrtt min/avg/max/mdev = 1.000/3.000/5.000/2.000 ms\n';
    const output = parsed('ping', text);
    expect(output.distributions.map(rowOf)).toEqual([['round trip to host', null, 1, 1_000_000, 1_000_000, 1_000_000, 0, 1, 1_000_000]]);
    expect(output.warnings).toEqual(['There were duplicates; they are not in the distribution.']);
  });

  it('a payload too small to carry a time gives none', () => {
    expect(parsed('ping', fixture('ping/small.txt')).warnings.join()).toContain('without a time');
  });
});

describe('a damaged output of ping', () => {
  const lines = fixture('ping/lines.txt');

  it('of a killed run says that losses are not known', () => {
    expect(parsed('ping', fixture('ping/sigkill.txt'))).toMatchObject({ scalars: [], warnings: [expect.stringContaining('There is no summary')] });
  });

  it('with replies missing says so', () => {
    const without = lines.replace(/^.*icmp_seq=7 .*\n/m, '');
    expect(parsed('ping', without)).toMatchObject({ distributions: [{ samples: 19 }], warnings: ['The summary counts 20 replies, and 19 with a time are in the output.'] });
  });

  it('in another language is refused, with the first line that is not English', () => {
    const german = lines.replaceAll('bytes from', 'Bytes von').replaceAll('time=', 'Zeit=').replace('packets transmitted', 'Pakete übertragen').replace('rtt', 'umlauf');
    expect(refusal('ping', german)).toEqual({ line: 2, message: expect.stringContaining('ping prints no such line') });
    expect(parsed('ping', lines.replace('time=0.190 ms', 'time=0,190 ms')).warnings).toEqual([
      'The summary counts 20 replies, and 19 with a time are in the output.',
      'One line was not understood, first line 2: “64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0,190 ms”.',
    ]);
  });

  it('with carriage returns reads the same', () => {
    expect(parsed('ping', lines.replaceAll('\n', '\r\n'))).toEqual(parsed('ping', lines));
  });
});
