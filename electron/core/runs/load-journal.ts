import { RunJournalReader, type JournalReaderOptions } from '../../../shared/parsers/run-journal.ts';
import type { RunJournal } from '../../../shared/parsers/run-journal-model.ts';
import type { RunStore } from './run-store.ts';

/** Reads what is here of a run's journal; an empty journal when there is nothing yet. */
export async function loadJournal(store: Pick<RunStore, 'readJournal'>, runId: string, options: JournalReaderOptions = {}): Promise<RunJournal> {
  const reader = new RunJournalReader(options);
  await store.readJournal(runId, (chunk) => { reader.feed(chunk); });
  return reader.journal;
}
