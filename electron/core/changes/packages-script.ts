import packagesText from '../../board-scripts/change-packages.sh?raw';
import workerText from '../../board-scripts/change-packages-worker.sh?raw';
import commonText from '../../board-scripts/run-common.sh?raw';
import type { BoardScript } from '../ssh/board-session.ts';

const endOfWorker = 'RTVM-BENCH-END-OF-WORKER';

/** The worker travels inside the script that starts it, as a here-document that no shell interprets. */
const workerFunction = `worker_text() {\ncat <<'${endOfWorker}'\n${commonText}\n${workerText}\n${endOfWorker}\n}`;

export const packagesScript: BoardScript = { name: 'change-packages', text: [commonText, workerFunction, packagesText].join('\n') };
