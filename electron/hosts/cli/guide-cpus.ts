import { CodedError } from '../../../shared/contract/errors.ts';
import { guideIds, guideIdSchema, type GuideId } from '../../../shared/model/setting.ts';
import { parseCpuList } from '../../../shared/parsers/cpu-list.ts';

/** The guide and the housekeeping CPUs as they were given on the command line. Errors: `bad-usage`. */
export function guideCpusOf(options: { readonly guide: string; readonly housekeeping?: string }): { guide: GuideId; housekeeping: number[] | null } {
  const guide = guideIdSchema.safeParse(options.guide);
  if (!guide.success) throw new CodedError('bad-usage', `There is no guide “${options.guide}”.`, { next: `Guides: ${guideIds.join(', ')}.` });
  if (options.housekeeping === undefined) return { guide: guide.data, housekeeping: null };
  const list = parseCpuList(options.housekeeping);
  if (!list.ok) throw new CodedError('bad-usage', list.error.message, list.error.extras);
  return { guide: guide.data, housekeeping: list.value };
}
