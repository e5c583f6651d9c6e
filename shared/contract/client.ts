import { CodedError } from './errors.ts';
import { eventMessageSchema, replySchema, type Link } from './link.ts';
import { eventSchemas, isEventName, specs, type EventName, type EventPayload, type MethodInput, type MethodName, type MethodOutput } from './methods.ts';

/** The UI's end of a link. Calls on a lost link fail at once with `link-lost`. */
export interface Client {
  call<M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>>;
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
  onLost(listener: () => void): void;
  close(): void;
}

interface Waiting { method: MethodName; settle: (output: unknown) => void; fail: (error: CodedError) => void }
type Listener = (payload: unknown) => void;

export function createClient(link: Link): Client {
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<EventName, Set<Listener>>();
  const lostListeners: Array<() => void> = [];
  let nextId = 1;
  let lost = false;

  const lostError = () => new CodedError('link-lost', 'The window lost its connection to the RTVM Bench core.', {
    next: 'Runs go on on their boards. Start the application again to see them.',
  });

  link.onClose(() => {
    lost = true;
    for (const call of waiting.values()) call.fail(lostError());
    waiting.clear();
    for (const listener of lostListeners) listener();
  });

  link.onMessage((text) => {
    const message = parseJson(text);
    const event = eventMessageSchema.safeParse(message);
    if (event.success) {
      if (!isEventName(event.data.event)) return;
      for (const listener of listeners.get(event.data.event) ?? []) listener(event.data.payload);
      return;
    }
    const reply = replySchema.safeParse(message);
    if (!reply.success || reply.data.id === null) return;
    const call = waiting.get(reply.data.id);
    if (!call) return;
    waiting.delete(reply.data.id);
    if (reply.data.ok) call.settle(reply.data.output);
    else call.fail(CodedError.fromData(reply.data.error));
  });

  return {
    async call<M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>> {
      if (lost) throw lostError();
      const output = await new Promise<unknown>((settle, fail) => {
        const id = nextId++;
        waiting.set(id, { method, settle, fail });
        link.send(JSON.stringify({ id, method, input }));
      });
      const checked = specs[method].output.safeParse(output);
      if (!checked.success) throw new CodedError('internal', `The core answered ${method} in a form this window does not know.`);
      return checked.data;
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set<Listener>();
      listeners.set(event, set);
      const wrapped: Listener = (unchecked) => {
        const payload = eventSchemas[event].safeParse(unchecked);
        if (payload.success) listener(payload.data);
      };
      set.add(wrapped);
      return () => { set.delete(wrapped); };
    },
    onLost: (listener) => { lostListeners.push(listener); },
    close: () => { link.close(); },
  };
}

/** What is not JSON is no message of a core: it is passed over, as an unknown event is. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
