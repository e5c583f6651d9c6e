import { homedir } from 'node:os';
import { join } from 'node:path';
import envPaths from 'env-paths';

/** Folders of the application itself on this laptop; `RTVM_BENCH_HOME` puts all of them in one place (tests, portable use). */
export interface AppPaths {
  /** Recent projects, the practice board's key, sockets of running cores. */
  readonly stateDirectory: string;
  readonly defaultProject: string;
}

export function appPaths(environment: NodeJS.ProcessEnv = process.env): AppPaths {
  const home = environment['RTVM_BENCH_HOME'];
  if (home) return { stateDirectory: join(home, 'state'), defaultProject: join(home, 'first-bench.rtvm') };
  return {
    stateDirectory: envPaths('rtvm-bench', { suffix: '' }).data,
    defaultProject: join(homedir(), 'rtvm-bench', 'first-bench.rtvm'),
  };
}
