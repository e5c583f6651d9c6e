import { pairTool } from '../pair-tool.ts';

export const benchmark = pairTool('ptsematest', 61, 'How long does it take until a thread goes on that waits for a POSIX mutex?');
