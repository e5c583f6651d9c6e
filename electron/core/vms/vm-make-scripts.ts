import commonText from '../../board-scripts/run-common.sh?raw';
import imageText from '../../board-scripts/vm-image.sh?raw';
import makeText from '../../board-scripts/vm-make.sh?raw';
import recordText from '../../board-scripts/vm-record.sh?raw';
import removeText from '../../board-scripts/vm-remove.sh?raw';
import type { BoardScript } from '../ssh/board-session.ts';

const script = (name: string, text: string): BoardScript => ({ name, text: [commonText, recordText, text].join('\n') });

export const imageScript = script('vm-image', imageText);
export const makeScript = script('vm-make', makeText);
export const removeScript = script('vm-remove', removeText);
