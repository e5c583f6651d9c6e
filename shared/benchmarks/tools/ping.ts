import { z } from 'zod';
import { startedOn } from '../arguments.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { hostAddressSchema } from '../host-address.ts';

/** One line an answer: the distribution is made of them. */
const mostAnswers = 20_000;

export const benchmark = toolBenchmark({
  id: 'ping', title: 'ping', program: 'ping', order: 81,
  answers: 'How long does an answer from another machine take, and how evenly?',
  packages: { debian: 'iputils-ping', redHat: 'iputils' }, format: 'ping', cpus: 'runs on', priority: null, root: 'not needed', tracer: false,
  timed: true, segmentSeconds: null, seconds: 60, live: 'lines', judged: 'deadline',
  noVerdict: 'There is no general limit for a network: set a deadline to have the answers judged.',
  states: ['Both ways, both machines and everything between them are part of the result.'],
  values: z.object({
    peer: field(hostAddressSchema, 'Other machine', 'As the board reaches it.'),
    intervalMs: field(z.number().int().min(2).max(60_000), 'Interval', 'Below 200 ms some systems ask for root.', 'ms'),
    bytes: field(z.number().int().min(16).max(65_000), 'Size', 'Of what is sent each time; 16 at least, or no time can be told.', 'bytes'),
  }),
  defaults: { peer: '127.0.0.1', intervalMs: 200, bytes: 56 },
  check: ({ durationSeconds }, { peer, intervalMs }) => [
    ...((durationSeconds * 1000) / intervalMs > mostAnswers ? [{ field: 'intervalMs', severity: 'error' as const, message: `That would be ${Math.round((durationSeconds * 1000) / intervalMs).toLocaleString('en')} answers, a line each; ${mostAnswers.toLocaleString('en')} are the most. Choose a longer interval or a shorter time.` }] : []),
    ...(/^(?:127\.|::1$|localhost$)/.test(peer) ? [{ field: 'peer', severity: 'note' as const, message: 'This is the board itself: its own loopback is measured, and no network.' }] : []),
  ],
  command: (options, { peer, intervalMs, bytes }, { seconds }) => [...startedOn(options), 'ping', '-n', '-i', String(intervalMs / 1000), '-s', String(bytes), '-w', seconds, peer],
});
