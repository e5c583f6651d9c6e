import { CodedError } from './errors.ts';
import { maximumMessageLength, requestSchema, type Link, type Reply } from './link.ts';
import { eventSchemas, isMethodName, specs, type EventName, type EventPayload, type MethodInput, type MethodName, type MethodOutput } from './methods.ts';

/** What a core offers: one function per method. Input has been checked when it is called. */
export type Handlers = { [M in MethodName]: (input: MethodInput<M>) => Promise<MethodOutput<M>> };

/** Calls one method by name with unchecked input; checks input and output. Throws CodedError only. */
export async function callHandler(handlers: Handlers, name: string, input: unknown): Promise<unknown> {
  if (!isMethodName(name)) throw new CodedError('unknown-method', `There is no call named “${name.slice(0, 60)}”.`);
  return callChecked(handlers, name, input);
}

async function callChecked<M extends MethodName>(handlers: Handlers, name: M, input: unknown): Promise<unknown> {
  const spec = specs[name];
  const checked = spec.input.safeParse(input);
  if (!checked.success) throw badInput(name, checked.error.issues);
  try {
    const output = await handlers[name](checked.data);
    const out = spec.output.safeParse(output);
    if (!out.success) throw new CodedError('internal', `The answer of ${name} did not have its declared form: ${describe(out.error.issues)}.`);
    return out.data;
  } catch (thrown) {
    throw CodedError.from(thrown);
  }
}

/** Serves one link until it closes. Returns a function that sends an event to it. */
export function serveLink(handlers: Handlers, link: Link): <E extends EventName>(event: E, payload: EventPayload<E>) => void {
  let open = true;
  link.onClose(() => { open = false; });
  const reply = (message: Reply) => { if (open) link.send(JSON.stringify(message)); };

  link.onMessage((text) => {
    void answer(handlers, text).then(reply);
  });
  return (event, payload) => {
    if (open) link.send(JSON.stringify({ event, payload: eventSchemas[event].parse(payload) }));
  };
}

async function answer(handlers: Handlers, text: string): Promise<Reply> {
  let id: number | null = null;
  try {
    if (text.length > maximumMessageLength) throw new CodedError('too-large', 'The message is larger than the link accepts.');
    const request = requestSchema.safeParse(parseJson(text));
    if (!request.success) throw new CodedError('bad-request', `The message is not a call: ${describe(request.error.issues)}.`);
    id = request.data.id;
    return { id, ok: true, output: await callHandler(handlers, request.data.method, request.data.input) };
  } catch (thrown) {
    return { id, ok: false, error: CodedError.from(thrown).toData() };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CodedError('bad-request', 'The message is not JSON.');
  }
}

const badInput = (name: string, issues: readonly Issue[]) =>
  new CodedError('bad-request', `The input of ${name} is not valid: ${describe(issues)}.`, { details: { paths: issues.map((i) => i.path.map(String).join('.')) } });

interface Issue { readonly path: readonly PropertyKey[]; readonly message: string }
const describe = (issues: readonly Issue[]) =>
  issues.slice(0, 3).map((issue) => `${issue.path.map(String).join('.') || 'value'}: ${issue.message}`).join('; ');
