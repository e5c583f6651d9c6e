import type { Capture } from '../../parsers/capture.ts';
import { grubMenuOf } from '../boot/grub-menu.ts';

/**
 * The path by which GRUB_DEFAULT names the ordinary entry of a kernel release for good. The first entry of a menu does not
 * serve: it stands for the newest kernel, whichever that is. Null where the menu has none that names the release.
 */
export function entryOfRunning(capture: Capture, release: string | null): string | null {
  if (release === null) return null;
  const entries = grubMenuOf(capture)?.entries ?? [];
  const found = entries.find((entry) => entry.release === release && entry.path !== null && !/recovery|rescue/i.test(entry.title)
    && (entry.path.split('>').at(-1) ?? '').includes(`-${release}-`));
  return found?.path ?? null;
}
