import { replySchema, type Link, type Reply } from '../../shared/contract/link.ts';

/** Speaks to a link in raw text, one question at a time, and gives the replies as they come; events are passed over. */
export class RawCaller {
  readonly #link: Link;
  readonly #replies: Reply[] = [];
  #wake: () => void = () => { /* nobody waits */ };
  #isClosed = false;

  constructor(link: Link) {
    this.#link = link;
    link.onMessage((text) => {
      const reply = replySchema.safeParse(JSON.parse(text));
      if (!reply.success) return;
      this.#replies.push(reply.data);
      this.#wake();
    });
    link.onClose(() => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  async send(text: string): Promise<Reply | 'closed'> {
    this.#link.send(text);
    return this.next();
  }

  call(method: string, input: unknown, id = 7): Promise<Reply | 'closed'> {
    return this.send(JSON.stringify({ id, method, input }));
  }

  async next(): Promise<Reply | 'closed'> {
    for (;;) {
      const reply = this.#replies.shift();
      if (reply) return reply;
      if (this.#isClosed) return 'closed';
      await new Promise<void>((woken) => { this.#wake = woken; });
    }
  }
}
