import { z } from 'zod';
import { toolOutputSchema } from '../parsers/tool-output.ts';
import { idSchema, stampSchema } from './board.ts';

/** Longer files are not taken: they would not pass from a window to the core. */
export const maximumImportBytes = 20_000_000;

/**
 * A result somebody measured elsewhere, as its file tells it. It is no `Run`: which CPUs were isolated, which load was on and what the
 * clock did is not known here, so nothing is made up for it, it has no verdict, and it stays marked wherever it is shown.
 */
export const importedRunSchema = z.object({
  schema: z.literal(1),
  origin: z.literal('imported'),
  id: idSchema,
  /** What a person calls it. */
  label: z.string(),
  /** The board of this project that a person says it was measured on; null: another machine. */
  boardId: idSchema.nullable(),
  boardName: z.string(),
  /** When it was brought in. */
  createdAt: stampSchema,
  /** The format it was read as. */
  format: z.string(),
  tool: z.string(),
  version: z.string().nullable(),
  /** The file as it came, kept beside. `name` is what it was called where it came from. */
  file: z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() }),
  /** What its own text says it was measured with; null where it says nothing. */
  command: z.string().nullable(),
});
export type ImportedRun = z.infer<typeof importedRunSchema>;

/** Files to be brought in together: all of them, or none. */
export const importRequestSchema = z.strictObject({
  files: z.array(z.strictObject({
    name: z.string().min(1).max(255),
    /** The file's own bytes; one class of letters, so that checking takes one pass. */
    bytesBase64: z.string().max(Math.ceil(maximumImportBytes / 3) * 4).regex(/^[A-Za-z0-9+/]*={0,2}$/),
  })).min(1).max(100),
  boardId: idSchema.nullable(),
  /** Null: called by the file's name. */
  label: z.string().trim().min(1).max(200).nullable(),
  /** Null: found out from the text. */
  format: z.string().max(40).nullable(),
});
export type ImportRequest = z.infer<typeof importRequestSchema>;

export const importedResultSchema = z.object({ run: importedRunSchema, output: toolOutputSchema });
export type ImportedResult = z.infer<typeof importedResultSchema>;

/** What stands with every figure of an imported result. */
export const notVerified = 'Imported: measured elsewhere and not verified by us. How valid it is (load, idle states, throttling, interrupts) is not known.';
