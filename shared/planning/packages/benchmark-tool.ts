import { benchmarkOf } from '../../benchmarks/catalogue.ts';
import type { PackageSource, Proposal } from '../../model/plan.ts';
import type { BenchmarkId } from '../../model/run.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';
import { boardObstacles } from './board-obstacles.ts';
import { packagingFactsOf } from './packaging-facts.ts';

export interface BenchmarkToolRequest {
  readonly snapshot: Snapshot;
  readonly capture: Capture;
  readonly source: PackageSource;
  readonly benchmark: BenchmarkId;
}

const purpose = { kind: 'change' } as const;

/** What stops any package, as against what stops a kernel: nothing of a tool is started by the boot loader. */
const aboutPackages = new Set(['image-based-root', 'overlay-root', 'read-only-root', 'clock-wrong', 'proxy', 'package-lock', 'interrupted']);

/** The step that installs what a benchmark measures with. Refused, with every reason, where something would stop it. Total. */
export function proposeBenchmarkTool({ snapshot, capture, source, benchmark }: BenchmarkToolRequest): Proposal {
  const about = benchmarkOf(benchmark);
  const name = about === undefined ? null : packagingFactsOf(capture).manager === 'dnf' ? about.packages.redHat : about.packages.debian;
  const title = `Install ${about?.title ?? benchmark}`;
  const refusal = (refused: Proposal['refused']): Proposal => ({ title, purpose, steps: [], restart: 'none', notes: [], refused });
  if (about === undefined) return refusal([{ setting: benchmark, why: `There is no benchmark “${benchmark}”.`, next: 'See: benchmarks.' }]);
  if (name === null) return refusal([{ setting: benchmark, why: `This distribution has no package with ${about.program}.`, next: `Build ${about.program} from source, or measure with another benchmark.` }]);
  if (snapshot.tools.some((tool) => tool.name === about.program && tool.path !== null)) {
    return { title, purpose, steps: [], restart: 'none', notes: [`${about.program} is installed already.`], refused: [] };
  }
  const obstacles = boardObstacles({ snapshot, capture, source: source.kind, signedKernel: true }).filter(({ rule }) => aboutPackages.has(rule));
  const stopping = obstacles.filter(({ rule, severity }) => severity === 'error' && !(rule === 'clock-wrong' && source.kind === 'folder'));
  if (stopping.length > 0) return refusal(stopping.map(({ message, fix }) => ({ setting: benchmark, why: message, next: fix ?? '' })));
  const from = { board: '', laptop: ', over this computer’s connection', folder: ', from a folder' }[source.kind];
  return {
    title, purpose, refused: [], restart: 'none',
    steps: [{
      title: `Install ${name}${from}`, why: `It brings ${about.program}: ${about.answers}`, settings: [], risk: 'none',
      caution: 'It cannot be stopped while packages are unpacked.', action: { kind: 'packages', install: [name], remove: [], source },
    }],
    notes: ['Nothing starts by itself afterwards. Undo removes the package again.', ...obstacles.map(({ message, fix }) => `${message} ${fix ?? ''}`.trim())],
  };
}
