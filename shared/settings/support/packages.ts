import type { ProposedStep } from '../../model/plan.ts';
import { boardObstacles } from '../../planning/packages/board-obstacles.ts';
import { packagingFactsOf } from '../../planning/packages/packaging-facts.ts';
import type { BoardView, ChangeOffer } from '../setting.ts';
import type { StepWords } from './steps.ts';

/** Something a board needs, whether it is there, and the packages it comes in. */
export interface Need {
  readonly what: string;
  readonly there: boolean;
  readonly apt: readonly string[];
  readonly dnf: readonly string[];
}

/** Obstacles that stop any package, not only a kernel. */
const stopping: ReadonlySet<string> = new Set(['image-based-root', 'overlay-root', 'read-only-root', 'clock-wrong', 'interrupted']);

/** Said of settings that install packages: these are fetched, so that nobody gets them unasked. */
export const packagesChoice = 'Packages are fetched over the board’s network and take room on its disk: they are installed when they are asked for.';

/** One step that installs what is missing; no step where nothing is. Refused where packages cannot be installed from here. */
export function packagesChange(words: StepWords, needs: readonly Need[], board: BoardView): ChangeOffer {
  const missing = needs.filter(({ there }) => !there);
  if (missing.length === 0) return { steps: [], restart: 'none' };
  const { manager } = packagingFactsOf(board.capture);
  if (manager !== 'apt' && manager !== 'dnf') {
    return { refused: manager === null ? 'How packages are installed on this board was not read.' : `Packages of this board come with ${manager}, which is not supported here.`, next: `Install by hand: ${missing.map(({ what }) => what).join(', ')}.` };
  }
  const obstacle = boardObstacles({ snapshot: board.snapshot, capture: board.capture, source: 'board', signedKernel: true }).find(({ rule, severity }) => severity === 'error' && stopping.has(rule));
  if (obstacle) return { refused: obstacle.message, next: obstacle.fix ?? 'Put it right on the board, then read it again.' };
  const install = [...new Set(missing.flatMap((need) => need[manager]))];
  const step: ProposedStep = {
    title: `Install ${install.join(', ')}`, why: words.why, settings: [words.id], risk: words.risk ?? 'none',
    caution: 'It takes minutes, needs a package source that the board can reach, and cannot be stopped while packages are unpacked.',
    action: { kind: 'packages', install, remove: [], source: { kind: 'board' } },
  };
  return { steps: [step], restart: 'none' };
}

/** The packages that would be installed, as a command for a person. */
export function packagesCommand(needs: readonly Need[], board: BoardView): string {
  const missing = needs.filter(({ there }) => !there);
  const { manager } = packagingFactsOf(board.capture);
  const names = (kind: 'apt' | 'dnf') => [...new Set(missing.flatMap((need) => need[kind]))].join(' ');
  return manager === 'dnf' ? `dnf install ${names('dnf')}` : manager === 'apt' ? `apt-get install ${names('apt')}` : `Install: ${missing.map(({ what }) => what).join(', ')}.`;
}

/** Whether a tool is on the path of the board. */
export const hasTool = ({ snapshot }: BoardView, ...names: string[]): boolean => snapshot.tools.some(({ name }) => names.includes(name));
