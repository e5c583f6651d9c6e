import type { RemoteDebuggingPipes } from 'chrome-launcher';
import { z } from 'zod';

const answerSchema = z.object({ id: z.number(), result: z.record(z.string(), z.unknown()).optional(), error: z.object({ message: z.string() }).optional() });

interface Waiting { settle(result: Record<string, unknown>): void; fail(error: Error): void }

/**
 * The browser's own control pipe (file descriptors 3 and 4; messages end with a NUL). Unlike a debugging port it can be
 * used by this process alone.
 */
export class DevtoolsPipe {
  readonly #outgoing: NodeJS.WritableStream;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #rest = '';

  constructor(pipes: RemoteDebuggingPipes) {
    this.#outgoing = pipes.outgoing;
    pipes.incoming.setEncoding('utf8');
    pipes.incoming.on('data', (chunk: string) => { this.#hear(chunk); });
    // A pipe breaks when the browser ends; every waiting command learns of it.
    pipes.incoming.on('close', () => { this.#end(); });
    pipes.incoming.on('error', () => { this.#end(); });
    pipes.outgoing.on('error', () => { this.#end(); });
  }

  /** Errors: the browser refused the command or has ended. */
  send(method: string, params: Record<string, unknown>, sessionId?: string): Promise<Record<string, unknown>> {
    const id = this.#nextId++;
    return new Promise((settle, fail) => {
      this.#waiting.set(id, { settle, fail });
      this.#outgoing.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    });
  }

  #hear(chunk: string): void {
    const messages = (this.#rest + chunk).split('\0');
    this.#rest = messages.pop() ?? '';
    for (const message of messages) {
      const answer = answerSchema.safeParse(JSON.parse(message));
      if (!answer.success) continue;
      const { id, result, error } = answer.data;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.fail(new Error(error.message));
      else waiting?.settle(result ?? {});
    }
  }

  #end(): void {
    for (const waiting of this.#waiting.values()) waiting.fail(new Error('The browser has ended.'));
    this.#waiting.clear();
  }
}
