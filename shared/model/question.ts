import { z } from 'zod';
import { idSchema } from './board.ts';

/** Something only a person can answer while a connection is being made. Answers are never stored or logged. */
export const questionBodySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('host-key'), host: z.string(), port: z.number().int(), keyType: z.string(), sha256: z.string(),
    /** Which server on the way this is: 0 is the nearest hop. */
    hop: z.number().int(), hops: z.number().int(),
    /** Key types already known for this host: it does not offer one of those, but a key of another type. */
    knownTypes: z.array(z.string()).optional(),
  }),
  /** The certificate of a management controller, which signs its own. `sha256` as browsers show it. */
  z.object({ kind: z.literal('certificate'), host: z.string(), port: z.number().int(), sha256: z.string(), subject: z.string(), validTo: z.string() }),
  z.object({ kind: z.literal('password'), user: z.string(), host: z.string(), attempt: z.number().int() }),
  z.object({ kind: z.literal('passphrase'), keyFile: z.string(), attempt: z.number().int() }),
  z.object({
    kind: z.literal('keyboard-interactive'), host: z.string(), user: z.string(), name: z.string(), instructions: z.string(),
    prompts: z.array(z.object({ prompt: z.string(), echo: z.boolean() })),
  }),
  z.object({ kind: z.literal('sudo'), user: z.string(), host: z.string(), reason: z.string(), attempt: z.number().int() }),
]);
export type QuestionBody = z.infer<typeof questionBodySchema>;

export const questionSchema = z.object({ id: z.string(), boardId: idSchema, boardName: z.string(), body: questionBodySchema });
export type Question = z.infer<typeof questionSchema>;

/** `accepted` answers a host key; `answers` the prompts, in order; refusing ends the attempt with a coded error. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accept') }),
  z.object({ kind: z.literal('answers'), answers: z.array(z.string().max(10_000)).max(20) }),
  z.object({ kind: z.literal('refuse') }),
]);
export type Answer = z.infer<typeof answerSchema>;
