import type { CodedError } from '../contract/errors.ts';
import type { LiveStatus } from '../model/run.ts';

/** What the first records say. Times in seconds; `startUptimeSeconds` is the board's time since boot when the run began. */
export interface JournalHeader {
  runId: string;
  bootId: string;
  startEpochSeconds: number;
  startUptimeSeconds: number;
  /** Measured CPUs, ascending: thread i of cyclictest is on the i-th. */
  cpus: number[];
  segmentSeconds: number;
  durationSeconds: number;
  periodSeconds: number;
  asRoot: boolean;
  owner: string;
  /** Argument vector of the first segment, the pipe's path included. */
  command: string[];
  /** What the board said about itself: kernel, command-line, online, isolated, … */
  facts: Map<string, string>;
}

/** One segment. Times in seconds since the run began. A text is null when it never came or was cut off. */
export interface JournalSegment {
  index: number;
  askedSeconds: number;
  startedAtSeconds: number;
  endedAtSeconds: number | null;
  exitCode: number | null;
  stdout: string | null;
  stderr: string | null;
  /** /proc/PID/task/TID/stat of every thread, one a line. */
  threads: string | null;
  /** `…/task/TID/status:Cpus_allowed_list:` of every thread, one a line. */
  affinity: string | null;
  lastStatus: LiveStatus | null;
  /** Each moment at which the segment's maximum rose. */
  rises: Array<{ atSeconds: number; maxUs: number }>;
}

/** /proc/interrupts, /proc/softirqs, the cpu lines of /proc/stat and the throttle counts at one moment. */
export interface JournalCounters { atSeconds: number; texts: Map<string, string> }

export const journalEndStates = ['completed', 'stopped', 'failed', 'interrupted'] as const;

export interface JournalEnd {
  state: (typeof journalEndStates)[number];
  /** Why, as the runner says: `asked`, `disk-full`, `terminated`, `cyclictest-killed-9`, `cyclictest-status-1`, … or `-`. */
  reason: string;
  atSeconds: number;
  /** SHA-256 of everything before the end record, as the board computed it; `-` where it has no sha256sum. */
  sha256: string;
}

/** A run's journal as far as it has been read. */
export interface RunJournal {
  header: JournalHeader | null;
  segments: JournalSegment[];
  /** The latest readings, at most `keptStatuses`; `statusCount` counts all. */
  statuses: LiveStatus[];
  statusCount: number;
  /** Readings that did not show every thread: left out. */
  oddStatuses: number;
  firstCounters: JournalCounters | null;
  lastCounters: JournalCounters | null;
  end: JournalEnd | null;
  /** Bytes before the end record: what its SHA-256 is about. */
  endOffset: number | null;
  /** The board's disk became full: a record was cut off. */
  torn: boolean;
  /** Seconds since the run began of the last record with a time. */
  lastAtSeconds: number;
  /** What stopped the reading. Everything before it is kept; nothing after it is read. */
  problem: CodedError | null;
}

/** How many readings are kept for a window that opens late. */
export const keptStatuses = 600;

export const emptyJournal = (): RunJournal => ({
  header: null, segments: [], statuses: [], statusCount: 0, oddStatuses: 0, firstCounters: null, lastCounters: null,
  end: null, endOffset: null, torn: false, lastAtSeconds: 0, problem: null,
});

export const emptyHeader = (): JournalHeader => ({
  runId: '', bootId: '', startEpochSeconds: 0, startUptimeSeconds: 0, cpus: [], segmentSeconds: 0, durationSeconds: 0, periodSeconds: 1,
  asRoot: false, owner: '', command: [], facts: new Map(),
});
