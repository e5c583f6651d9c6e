import { pairTool } from '../pair-tool.ts';

export const benchmark = pairTool('sigwaittest', 63, 'How long does a signal take to a thread that waits for it with sigwait?');
