import { pairTool } from '../pair-tool.ts';

export const benchmark = pairTool('pmqtest', 60, 'How long does a message take from one real-time thread to another through a POSIX queue?');
