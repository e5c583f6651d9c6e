import type { Capture } from '../../parsers/capture.ts';

/** Releases by which distributions name their PREEMPT_RT kernels: Debian, RHEL 8 and 9, Ubuntu, Intel, Arch. A mainline one need not be. */
export const isRealtimeRelease = (release: string): boolean => /(?:^|[-.+_])(?:rt\d*|realtime|preempt_rt)(?:[-.+_]|$)/i.test(release);

/** PREEMPT_RT kernels that lie in /boot, by release, newest name last. */
export function installedRealtimeKernels(capture: Capture): string[] {
  const images = capture.names(/^\/boot\/vmlinuz-[^/]+$/).map((path) => path.slice('/boot/vmlinuz-'.length));
  return images.filter(isRealtimeRelease).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
