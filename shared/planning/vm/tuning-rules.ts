import { cpuModel } from './rules/cpu-model.ts';
import { bandwidthShares, cacheShares, shareNumbers, staleShares } from './rules/cache-shares.ts';
import { balloon, graphics, sound, usb } from './rules/devices.ts';
import { domainType } from './rules/domain-type.ts';
import { guestFeatures, guestSuspend, guestTimers } from './rules/features.ts';
import { memoryBacking, memoryNode, memorySize } from './rules/memory.ts';
import { ioThreads, vcpuPins } from './rules/thread-pins.ts';
import { otherSchedulers, vcpuScheduler } from './rules/thread-schedules.ts';
import { passthrough } from './rules/passthrough.ts';
import type { TuningRule } from './rules/tuning-rule.ts';
import { vcpuCount } from './rules/vcpu-count.ts';

/** All tuning, in the order of a domain's elements. USB comes after graphics, which takes its pointer along. */
export const tuningRules: readonly TuningRule[] = [
  domainType, memorySize, memoryBacking, vcpuCount, vcpuPins, ioThreads, vcpuScheduler, otherSchedulers, cacheShares, bandwidthShares, staleShares, shareNumbers, memoryNode,
  guestFeatures, cpuModel, guestTimers, guestSuspend, graphics, sound, usb, balloon, passthrough,
];
