import { z } from 'zod';
import { startedOn } from '../arguments.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { hostAddressSchema } from '../host-address.ts';

/** A refused connection is an error inside the JSON, with status 0 in 3.12 and 1 in 3.18: the parser looks for it. */
export const benchmark = toolBenchmark({
  id: 'iperf3', title: 'iperf3', program: 'iperf3', order: 80,
  answers: 'How much goes through the network between this board and another machine, and what gets lost?',
  packages: { debian: 'iperf3', redHat: 'iperf3' }, format: 'iperf3', cpus: 'runs on', priority: null, root: 'not needed', tracer: false,
  timed: true, segmentSeconds: null, seconds: 30, live: 'nothing', judged: 'none',
  noVerdict: 'Throughput has no limit here: compare it with what your application needs.',
  states: ['The other machine must run iperf3 -s, and is part of the result.'],
  values: z.object({
    peer: field(hostAddressSchema, 'Other machine', 'Where iperf3 -s runs, as the board reaches it.'),
    port: field(z.number().int().min(1).max(65_535), 'Port', 'Of the server; 5201 unless it was told another.'),
    protocol: field(z.enum(['TCP', 'UDP']), 'Protocol', 'UDP also tells jitter and loss.'),
    direction: field(z.enum(['send', 'receive']), 'Direction', 'As seen from the board.'),
    mbitPerSecond: field(z.number().int().min(0).max(400_000), 'Rate', '0: as fast as it goes. UDP without a rate floods the line.', 'Mbit/s'),
    streams: field(z.number().int().min(1).max(128), 'Streams', 'Connections side by side.'),
  }),
  defaults: { peer: '127.0.0.1', port: 5201, protocol: 'TCP', direction: 'send', mbitPerSecond: 0, streams: 1 },
  check: (_options, { peer, protocol, mbitPerSecond }) => [
    ...(/^(?:127\.|::1$|localhost$)/.test(peer) ? [{ field: 'peer', severity: 'note' as const, message: 'This is the board itself: its own loopback is measured, and no network.' }] : []),
    ...(protocol === 'UDP' && mbitPerSecond === 0 ? [{ field: 'mbitPerSecond', severity: 'warning' as const, message: 'UDP as fast as it goes floods the line: everything else on it suffers, this connection included.' }] : []),
  ],
  command: (options, { peer, port, protocol, direction, mbitPerSecond, streams }, { seconds }) => [
    ...startedOn(options), 'iperf3', '--json', '-c', peer, '-p', String(port), '-t', seconds, '-P', String(streams),
    ...(protocol === 'UDP' ? ['-u', '-b', mbitPerSecond === 0 ? '0' : `${mbitPerSecond}M`] : mbitPerSecond === 0 ? [] : ['-b', `${mbitPerSecond}M`]),
    ...(direction === 'receive' ? ['-R'] : []),
  ],
});
