import type { ValidityCheck } from '../../model/explanation.ts';
import { boardUnchanged } from './board-unchanged.ts';
import { clocksource } from './clocksource.ts';
import { cpusOnline } from './cpus-online.ts';
import { frequency } from './frequency.ts';
import { idleStates } from './idle-states.ts';
import { interrupts } from './interrupts.ts';
import { placement } from './placement.ts';
import { rtThrottling } from './rt-throttling.ts';
import type { RunEvidence } from './run-evidence.ts';
import { samples } from './samples.ts';
import { stolenTime } from './stolen-time.ts';
import { taskSwitches } from './task-switches.ts';
import { throttling } from './throttling.ts';

/** All rules, in the order a person would ask. Adding one: a file, and its name here. */
const rules = [placement, samples, boardUnchanged, cpusOnline, throttling, frequency, idleStates, clocksource, rtThrottling, interrupts, taskSwitches, stolenTime];

/** Every condition of a valid run, and how this one stands to it. Total. */
export function checkValidity(evidence: RunEvidence): ValidityCheck[] {
  return rules.flatMap(({ id, title, source, check }) => check(evidence).map((outcome) => ({ rule: id, title, source, ...outcome })));
}
