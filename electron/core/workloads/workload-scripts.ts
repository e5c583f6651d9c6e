import runCommonText from '../../board-scripts/run-common.sh?raw';
import commonText from '../../board-scripts/workload-common.sh?raw';
import readText from '../../board-scripts/workload-read.sh?raw';
import startText from '../../board-scripts/workload-start.sh?raw';
import stopText from '../../board-scripts/workload-stop.sh?raw';
import workerText from '../../board-scripts/workload-worker.sh?raw';
import type { BoardScript } from '../ssh/board-session.ts';

const endOfWorker = 'RTVM-BENCH-END-OF-WORKER';
const script = (name: string, ...texts: string[]): BoardScript => ({ name, text: [runCommonText, commonText, ...texts].join('\n') });

/** The worker travels inside the script that starts it, as a here-document that no shell interprets. */
const workerFunction = `worker_text() {\ncat <<'${endOfWorker}'\n${runCommonText}\n${commonText}\n${workerText}\n${endOfWorker}\n}`;

export const startWorkloadScript = script('workload-start', workerFunction, startText);
export const readWorkloadScript = script('workload-read', readText);
export const stopWorkloadScript = script('workload-stop', stopText);
