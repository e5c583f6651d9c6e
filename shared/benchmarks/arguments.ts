import type { ToolOptions } from '../model/run.ts';
import { formatCpuList } from '../parsers/cpu-list.ts';

/** Where a run keeps its files on the board: the runner puts the path in its place. */
export const folderMark = '@FOLDER@';
/** The length of a part: the runner puts the number in its place. */
export const secondsMark = '@SECONDS@';

/** Starts a program without an option for CPUs on these, and above ordinary work where a priority is asked for. */
export const startedOn = ({ cpus, priority }: Pick<ToolOptions, 'cpus' | 'priority'>): string[] =>
  ['taskset', '-c', formatCpuList(cpus), ...(priority === null ? [] : ['chrt', '-f', String(priority)])];

/** The one CPU that is measured, of a tool that can measure one. */
export const oneCpu = ({ cpus }: Pick<ToolOptions, 'cpus'>): string => String(cpus[0] ?? 0);
