import { z } from 'zod';
import { startedOn } from '../arguments.ts';
import { toolBenchmark } from '../benchmark.ts';
import { field } from '../fields.ts';
import { rtTests } from '../packages.ts';

export const benchmark = toolBenchmark({
  id: 'hackbench', title: 'hackbench', program: 'hackbench', order: 70,
  answers: 'How long does a given crowd of tasks take that send each other messages: what does the scheduler cost?',
  packages: rtTests, format: 'hackbench', cpus: 'runs on', priority: null, root: 'not needed', tracer: false,
  timed: false, segmentSeconds: null, seconds: 300, live: 'nothing', judged: 'none',
  noVerdict: 'A time says something only beside another one of the same work: compare runs.',
  states: ['Times compare only between runs with the same groups, messages and size.'],
  values: z.object({
    groups: field(z.number().int().min(1).max(1000), 'Groups', 'Of 20 senders and 20 receivers each.'),
    messages: field(z.number().int().min(1).max(10_000_000), 'Messages', 'From each sender to each receiver of its group.'),
    bytes: field(z.number().int().min(1).max(100_000), 'Size', 'Of a message.', 'bytes'),
    through: field(z.enum(['sockets', 'pipes']), 'Through', 'What the messages go through.'),
    tasks: field(z.enum(['processes', 'threads']), 'Tasks', 'What sends and receives.'),
  }),
  defaults: { groups: 10, messages: 1000, bytes: 100, through: 'sockets', tasks: 'processes' },
  command: (options, { groups, messages, bytes, through, tasks }) => [
    ...startedOn(options), 'hackbench', '-g', String(groups), '-l', String(messages), '-s', String(bytes), ...(through === 'pipes' ? ['-p'] : []), tasks === 'threads' ? '-T' : '-P',
  ],
});
