import attachText from '../../board-scripts/run-attach.sh?raw';
import cleanText from '../../board-scripts/run-clean.sh?raw';
import commonText from '../../board-scripts/run-common.sh?raw';
import countersText from '../../board-scripts/run-counters.sh?raw';
import followText from '../../board-scripts/run-follow.sh?raw';
import runnerText from '../../board-scripts/run-runner.sh?raw';
import startText from '../../board-scripts/run-start.sh?raw';
import stopText from '../../board-scripts/run-stop.sh?raw';
import workloadText from '../../board-scripts/workload-common.sh?raw';
import type { BoardScript } from '../ssh/board-session.ts';

const endOfRunner = 'RTVM-BENCH-END-OF-RUNNER';
const script = (name: string, ...texts: string[]): BoardScript => ({ name, text: [commonText, ...texts].join('\n') });

/** The runner travels inside the script that starts it, as a here-document that no shell interprets. */
const runnerFunction = `runner_text() {\ncat <<'${endOfRunner}'\n${commonText}\n${countersText}\n${runnerText}\n${endOfRunner}\n}`;

export const startScript = script('run-start', runnerFunction, startText);
export const attachScript = script('run-attach', attachText);
export const followScript = script('run-follow', followText);
export const stopScript = script('run-stop', stopText);
export const cleanScript = script('run-clean', workloadText, cleanText);
