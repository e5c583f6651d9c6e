import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CodedError } from '../../../shared/contract/errors.ts';
import { baselineSchema, type Baseline } from '../../../shared/model/compare.ts';
import { stampOf } from '../../../shared/model/stamp.ts';
import { writeJson } from '../project/atomic-write.ts';
import type { ProjectStore } from '../project/project-store.ts';
import { readJson } from '../project/read-json.ts';

const fileName = 'baseline.json';
/** A baseline that was taken back leaves the file with nothing named in it. */
const storedSchema = z.object({ schema: z.literal(1), baseline: baselineSchema.nullable() });

/** Which runs others of the project are held against, `baseline.json`; null: none, or it cannot be read, which is noted. */
export async function readBaseline(store: ProjectStore): Promise<Baseline | null> {
  const file = join(store.directory, fileName);
  if (!(await stat(file).then(() => true, () => false))) return null;
  try {
    return (await readJson(file, storedSchema)).baseline;
  } catch (thrown) {
    store.noteUnreadable(fileName, CodedError.from(thrown));
    return null;
  }
}

/** Names the baseline, or takes it back. `isKnown` tells whether a run is there. Errors: `run-unknown`, `project-locked`, `disk-full`. */
export async function saveBaseline(store: ProjectStore, wanted: Pick<Baseline, 'name' | 'runs'> | null, isKnown: (runId: string) => Promise<boolean>): Promise<Baseline | null> {
  if (store.readOnlyReason !== null) throw new CodedError('project-locked', `The project is open for reading only: ${store.readOnlyReason}`, { state: 'The baseline is what it was.', next: 'Close the other window, then open the project again.' });
  for (const id of wanted?.runs ?? []) {
    if (!(await isKnown(id))) throw new CodedError('run-unknown', `This project has no run “${id}”.`, { state: 'The baseline is what it was.', next: 'List the runs to see what there is.' });
  }
  const baseline: Baseline | null = wanted === null ? null : { schema: 1, ...wanted, setAt: stampOf(new Date()) };
  await writeJson(join(store.directory, fileName), storedSchema.parse({ schema: 1, baseline }));
  return baseline;
}
