import { pairTool } from '../pair-tool.ts';

export const benchmark = pairTool('svsematest', 62, 'How long does it take until a thread goes on that waits for a System V semaphore?');
