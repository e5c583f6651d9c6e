import { describe, expect, it } from 'vitest';
import { fixture, parsed, refusal, scalarsOf } from './tool-fixture.ts';

/** The figures as they are written in the recordings. */
const recorded = [
  ['iperf3/tcp_json.txt', { protocol: 'TCP', direction: 'forward', streams: 1, version: '3.12' }, {
    'sent [bit/s]': 32661019433.736809, 'received [bit/s]': 32654031925.0929, 'duration [s]': 2.000558, 'retransmits [count]': 15,
    'shortest round trip of stream 0 [us]': 17, 'mean round trip of stream 0 [us]': 25, 'longest round trip of stream 0 [us]': 34,
    'CPU of this side [%]': 99.0019079334652, 'CPU of the other side [%]': 42.950280971047135,
  }],
  ['iperf3/udp_json.txt', { protocol: 'UDP', direction: 'forward', streams: 1 }, {
    'sent [bit/s]': 9995658.27352877, 'received [bit/s]': 9995423.3958762549, 'duration [s]': 2.000173, 'jitter [ms]': 0.0083713934992380931,
    'packets [count]': 4881, 'lost packets [count]': 0, 'lost [%]': 0, 'out of order in stream 0 [count]': 0,
    'CPU of this side [%]': 3.670325110790619, 'CPU of the other side [%]': 1.1121499065084144,
  }],
  // The server sends with -R: its round-trip times are not in the client's report.
  ['iperf3/tcp_reverse_json.txt', { protocol: 'TCP', direction: 'reverse', streams: 1 }, {
    'sent [bit/s]': 3773484957.535627, 'received [bit/s]': 3964078299.9201565, 'duration [s]': 1.010729, 'retransmits [count]': 2,
    'CPU of this side [%]': expect.any(Number), 'CPU of the other side [%]': expect.any(Number),
  }],
  ['iperf3/udp_reverse_json.txt', { protocol: 'UDP', direction: 'reverse', streams: 1 }, {
    'sent [bit/s]': 5001545.305175326, 'received [bit/s]': 5013042.800062395, 'duration [s]': 1.000092, 'jitter [ms]': 0.010794386088854054,
    'packets [count]': 1224, 'lost packets [count]': 0, 'lost [%]': 0, 'out of order in stream 0 [count]': 0,
    'CPU of this side [%]': expect.any(Number), 'CPU of the other side [%]': expect.any(Number),
  }],
  ['iperf3/tcp_parallel_json.txt', { protocol: 'TCP', direction: 'forward', streams: 2 }, {
    'sent [bit/s]': 5588761547.031673, 'received [bit/s]': 5386057853.209858, 'duration [s]': 1.036105, 'retransmits [count]': 4,
    'shortest round trip of stream 0 [us]': 593, 'mean round trip of stream 0 [us]': 593, 'longest round trip of stream 0 [us]': 593,
    'shortest round trip of stream 1 [us]': 1594, 'mean round trip of stream 1 [us]': 1594, 'longest round trip of stream 1 [us]': 1594,
    'CPU of this side [%]': expect.any(Number), 'CPU of the other side [%]': expect.any(Number),
  }],
  ['iperf3/bidir_json.txt', { protocol: 'TCP', direction: 'both', streams: 1 }, {
    'sent [bit/s]': 50326665.66009965, 'received [bit/s]': 50264795.82155733, 'duration [s]': 1.00133, 'retransmits [count]': 0,
    'sent in reverse [bit/s]': 50326665.66009965, 'received in reverse [bit/s]': 50264795.82155733, 'duration in reverse [s]': 1.00133, 'retransmits in reverse [count]': 0,
    'shortest round trip of stream 0 [us]': 522, 'mean round trip of stream 0 [us]': 522, 'longest round trip of stream 0 [us]': 522,
    'CPU of this side [%]': expect.any(Number), 'CPU of the other side [%]': expect.any(Number),
  }],
] as const;

const endedWith = 'iperf3 ended with this error';
const unreadable = [
  ['iperf3/refused.stderr.txt', 1, endedWith],
  ['iperf3/refused_json.txt', 10, endedWith],
  ['iperf3/sigint_json.txt', 148, endedWith],
  ['iperf3/tcp_text.txt', 1, 'this is the text for people'],
  ['iperf3/version.txt', 1, 'prints no such line'],
  ['trixie-chroot/iperf3_refused_json.txt', 10, endedWith],
  ['trixie-chroot/iperf3_version.txt', 1, 'prints no such line'],
] as const;

describe('recorded outputs of iperf3', () => {
  it.each(recorded)('%s', (file, about, scalars) => {
    const output = parsed('iperf3', fixture(file));
    expect(output).toMatchObject({ ...about, distributions: [], warnings: [] });
    expect(scalarsOf(output)).toEqual(scalars);
  });

  it.each(unreadable)('%s has no result, and line %i says why', (file, line, meaning) => {
    expect(refusal('iperf3', fixture(file))).toEqual({ line, message: expect.stringContaining(meaning) });
  });

  it('throughput over time', () => {
    expect(parsed('iperf3', fixture('iperf3/tcp_json.txt'))).toMatchObject({
      intervals: [
        { startSeconds: 0, endSeconds: 1.000163, bitsPerSecond: 32532011892.6593 },
        { startSeconds: 1.000163, endSeconds: 2.00013, bitsPerSecond: 32790054279.503773 },
      ],
    });
  });
});

describe('a damaged report of iperf3', () => {
  const json = fixture('iperf3/tcp_json.txt');

  it('that is cut names the line it began at', () => {
    expect(refusal('iperf3', `warning: x\n${json.slice(0, 1500)}`)).toEqual({ line: 2, message: expect.stringContaining('not valid JSON') });
  });

  it('of another shape names the line that does not fit', () => {
    expect(refusal('iperf3', json.replace('"sum_sent":	{', '"sum_sent":	7, "other": {'))).toEqual({ line: 121, message: expect.stringContaining('not a report of iperf3') });
    expect(refusal('iperf3', fixture('cyclictest/json_hist.json')).message).toContain('not a report of iperf3');
  });

  it('without a test holds nothing', () => {
    expect(refusal('iperf3', '{ "start": { "connected": [] }, "intervals": [], "end": {} }').message).toContain('holds no test');
  });
});
