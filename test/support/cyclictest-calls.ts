import type { Client } from '../../shared/contract/client.ts';
import { cyclictestOptionsOf, isToolResult, type CyclictestOptions, type RunResult } from '../../shared/model/run.ts';

/** cyclictest's options to begin with on a board. */
export async function cyclictestProposal(client: Client, boardId: string): Promise<CyclictestOptions> {
  const options = cyclictestOptionsOf(await client.call('runs.propose', { boardId }));
  if (options === null) throw new Error('cyclictest is what is proposed where no benchmark is named');
  return options;
}

/** The result of a run with cyclictest. */
export async function latencyResult(client: Client, runId: string): Promise<RunResult | null> {
  const result = await client.call('runs.result', { runId });
  if (result !== null && isToolResult(result)) throw new Error(`${runId} is no run of cyclictest`);
  return result;
}
