/** A line that says why cyclictest measured nothing, what it means, and what to do. */
interface Failure { readonly pattern: RegExp; readonly meaning: string; readonly next: string }

const checkOptions = 'Check the options: an option that this version does not know ends it with exit status 0.';

const failures: readonly Failure[] = [
  { pattern: /invalid option -- |unrecognized option |option requires an argument|ambiguous option/, meaning: 'an option was not accepted, so nothing was measured', next: checkOptions },
  { pattern: /^Unable to change scheduling policy!|either run as root/, meaning: 'real-time scheduling is not permitted, so nothing was measured', next: 'Run as root, or raise RLIMIT_RTPRIO of the user.' },
  { pattern: /failed to set priority to \d+/, meaning: 'the priority is above the limit of the user', next: 'Run as root, raise RLIMIT_RTPRIO, or choose a lower priority.' },
  { pattern: /^mlockall: /, meaning: 'memory could not be locked, so nothing was measured', next: 'Run as root, raise RLIMIT_MEMLOCK, or leave -m out.' },
  { pattern: /^Failed to open '/, meaning: 'the JSON file could not be opened at the end, and the summary was lost with it', next: 'Choose a folder that exists and can be written; try it before the run.' },
  { pattern: /^opening histogram file:/, meaning: 'the histogram file could not be opened at the end, and the histogram was lost', next: 'Choose a folder that exists and can be written; try it before the run.' },
  { pattern: /^cpu argument|libnuma: Warning: cpu argument .* is out of range/, meaning: 'a CPU was named that the machine does not have', next: 'Measure CPUs that are online.' },
  { pattern: /built without libcpupower/, meaning: 'this cyclictest cannot set idle states', next: 'Leave --deepest-idle-state out.' },
  { pattern: /SMI counter (?:is not supported|relies)/, meaning: 'SMIs cannot be counted here, and with --smi nothing is measured then', next: 'Leave --smi out, and read the SMI count with another tool.' },
  { pattern: /^FATAL: /, meaning: 'cyclictest gave up', next: 'See what the line says.' },
  { pattern: /^(?:prlimit|setpriv|taskset|chrt|sudo|sh|bash|timeout|nice|systemd-run|env|nohup): |command not found|: not found$|No such file or directory$|Permission denied$/, meaning: 'the command before cyclictest failed', next: 'Run the command by hand on the board to see what is missing.' },
];

/** What a line of standard error or output says about a run without a result; null when it says nothing. */
export const explainFailure = (line: string): Failure | null => failures.find(({ pattern }) => pattern.test(line)) ?? null;

export const usageFailure = { meaning: 'the options were refused or help was asked for, so nothing was measured', next: checkOptions } as const;

/** The head of the usage text; it carries the version. */
export const usagePattern = /^cyclictest V (\d{1,3}\.\d{1,4})\s*$/;

/** Lines of standard error after which cyclictest goes on measuring, and the result has to be read with them in mind. */
export const isWarning = (line: string) =>
  /^WARN: |^libnuma: Warning: |^defaulting realtime priority to |^policy and priority don't match|^FATAL: |^opening histogram file:|^Failed to open '|^Error creating fifo/.test(line);
