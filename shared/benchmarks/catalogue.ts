import type { BenchmarkId } from '../model/run.ts';
import type { BenchmarkAbout, ToolBenchmark } from './benchmark.ts';
import { cyclictestAbout } from './cyclictest.ts';

/** Every file of this folder is a benchmark: adding one touches nothing else. */
const found = import.meta.glob<ToolBenchmark>('./tools/*.ts', { eager: true, import: 'benchmark' });

export const toolBenchmarks: readonly ToolBenchmark[] = Object.values(found).sort((a, b) => a.order - b.order || a.title.localeCompare(b.title, 'en'));

/** All benchmarks, those for a first look first. */
export const benchmarks: readonly BenchmarkAbout[] = [cyclictestAbout, ...toolBenchmarks];

/** A benchmark by its id; undefined for cyclictest, which has options of its own, and for those that this version has not. */
export const toolBenchmarkOf = (id: BenchmarkId | undefined): ToolBenchmark | undefined => toolBenchmarks.find((one) => one.id === id);

/** What a benchmark says of itself; undefined for one that this version has not. */
export const benchmarkOf = (id: BenchmarkId): BenchmarkAbout | undefined => benchmarks.find((one) => one.id === id);

/** What a benchmark is called, whether this version has it or not. */
export const titleOf = (id: BenchmarkId): string => benchmarkOf(id)?.title ?? id;
