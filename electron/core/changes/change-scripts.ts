import activityText from '../../board-scripts/change-activity.sh?raw';
import changeCommonText from '../../board-scripts/change-common.sh?raw';
import readText from '../../board-scripts/change-read.sh?raw';
import releaseText from '../../board-scripts/change-release.sh?raw';
import restartText from '../../board-scripts/change-restart.sh?raw';
import stayText from '../../board-scripts/change-stay.sh?raw';
import stepText from '../../board-scripts/change-step.sh?raw';
import commonText from '../../board-scripts/run-common.sh?raw';
import type { BoardScript } from '../ssh/board-session.ts';

const script = (name: string, text: string): BoardScript => ({ name, text: [commonText, changeCommonText, text].join('\n') });

export const readScript = script('change-read', readText);
export const stepScript = script('change-step', stepText);
export const releaseScript = script('change-release', releaseText);
export const activityScript = script('change-activity', activityText);
export const restartScript = script('change-restart', restartText);
export const stayScript = script('change-stay', stayText);
