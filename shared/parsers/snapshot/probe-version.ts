import type { Capture } from '../capture.ts';
import { naturalNumber } from './read.ts';

/**
 * Whether what a probe of this version reads first was asked for at all: with an older one, its absence means nothing.
 * Version 2 reads libvirt, the log-in and its groups, SR-IOV and the capabilities of the IOMMU. A cut-off capture tells nothing either.
 */
export const toldBy = (capture: Capture, version: number): boolean => capture.complete && (naturalNumber(capture.probeVersion) ?? 0) >= version;
