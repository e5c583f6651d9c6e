import cancelText from '../../board-scripts/campaign-cancel.sh?raw';
import clockText from '../../board-scripts/campaign-clock.sh?raw';
import goText from '../../board-scripts/campaign-go.sh?raw';
import layText from '../../board-scripts/campaign-lay.sh?raw';
import readText from '../../board-scripts/campaign-read.sh?raw';
import workerText from '../../board-scripts/campaign-worker.sh?raw';
import commonText from '../../board-scripts/run-common.sh?raw';
import { startScript } from '../runs/run-scripts.ts';
import type { BoardScript } from '../ssh/board-session.ts';
import { readWorkloadScript, startWorkloadScript, stopWorkloadScript } from '../workloads/workload-scripts.ts';

const script = (name: string, ...texts: string[]): BoardScript => ({ name, text: [commonText, ...texts].join('\n') });

/** What a board needs to carry out its part by itself travels as here-documents that no shell interprets: the worker and the scripts it calls. */
const carried: ReadonlyArray<readonly [file: string, text: string]> = [
  ['worker.sh', `${commonText}\n${workerText}`],
  ['run-start.sh', startScript.text],
  ['workload-start.sh', startWorkloadScript.text],
  ['workload-read.sh', readWorkloadScript.text],
  ['workload-stop.sh', stopWorkloadScript.text],
];
const layTexts = `lay_texts() {\n${carried.map(([file, text], at) => `cat >"$dir/${file}" <<'RTVM-BENCH-END-OF-FILE-${at}' || return 1\n${text}\nRTVM-BENCH-END-OF-FILE-${at}`).join('\n')}\n}`;

export const clockScript = script('campaign-clock', clockText);
export const layScript = script('campaign-lay', layTexts, layText);
export const goScript = script('campaign-go', goText);
export const readQueueScript = script('campaign-read', readText);
export const cancelQueueScript = script('campaign-cancel', cancelText);
