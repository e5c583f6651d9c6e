import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../shared/contract/client.ts';
import { serveLink, type Handlers } from '../../shared/contract/dispatch.ts';
import { isMethodName, methods, type MethodName } from '../../shared/contract/methods.ts';
import { maximumMessageLength } from '../../shared/contract/link.ts';
import { createFakeCore } from '../support/fake-core.ts';
import { goodInputs } from './good-inputs.ts';
import { linkKinds, type OpenedLink } from './open-links.ts';
import { RawCaller } from './raw-caller.ts';

const names = Object.keys(methods).filter(isMethodName);
const takesFields = names.filter((name) => Object.keys(goodInputs[name]).length > 0);
const refused = (code: string) => ({ ok: false, error: expect.objectContaining({ code, message: expect.any(String) }) });

/** Notes each handler that is reached: whatever gets there has passed the checks. */
function recording(handlers: Handlers, reached: string[]): Handlers {
  return new Proxy(handlers, {
    get(target, name, receiver): unknown {
      reached.push(String(name));
      return Reflect.get(target, name, receiver);
    },
  });
}

describe.each(linkKinds)('link $name', (kind) => {
  let opened: OpenedLink;
  let caller: RawCaller;
  let reached: string[];

  beforeEach(async () => {
    reached = [];
    const handlers = recording(createFakeCore().handlers, reached);
    opened = await kind.open((link) => { serveLink(handlers, link); });
    caller = new RawCaller(opened.link);
  });
  afterEach(() => opened.close());

  it.each(names)('%s is answered', async (name) => {
    expect(await caller.call(name, goodInputs[name])).toMatchObject({ id: 7, ok: true });
    expect(reached).toEqual([name]);
  });

  it.each(names)('%s refuses wrong types and more than it knows', async (name) => {
    for (const input of [null, 42, 'text', [], true, [goodInputs[name]], { ...goodInputs[name], surplus: 1 }]) {
      expect(await caller.call(name, input)).toMatchObject({ id: 7, ...refused('bad-request') });
    }
    expect(await caller.send(`{"id":7,"method":${JSON.stringify(name)}}`)).toMatchObject(refused('bad-request'));
    expect(reached).toEqual([]);
  });

  it.each(takesFields)('%s refuses every field of another type, and one that is missing', async (name) => {
    for (const field of Object.keys(goodInputs[name])) {
      expect(await caller.call(name, { ...goodInputs[name], [field]: { $gt: '' } })).toMatchObject(refused('bad-request'));
    }
    expect(await caller.call(name, {})).toMatchObject(refused('bad-request'));
    expect(reached).toEqual([]);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', '__defineGetter__', 'then', '', 'BOARDS.LIST', 'boards.list ', 'boards', 'x'.repeat(100)])('there is no method %j', async (name) => {
    expect(await caller.call(name, {})).toMatchObject({ id: 7, ...refused('unknown-method') });
    expect(reached).toEqual([]);
  });

  it.each([
    'nonsense', '{', 'null', '1', '"text"', '[]', '{}', '[{"id":1,"method":"boards.list","input":{}}]',
    '{"id":-1,"method":"boards.list","input":{}}', '{"id":1.5,"method":"boards.list","input":{}}', '{"id":"1","method":"boards.list","input":{}}',
    '{"id":1,"method":{"toString":"x"},"input":{}}', '{"id":1,"method":["boards.list"],"input":{}}', `{"id":1,"method":"${'x'.repeat(101)}","input":{}}`,
    '{"id":1,"method":"boards.list","input":{},"more":1}', '{"id":1,"method":"boards.list","input":{},"__proto__":{"x":1}}', '['.repeat(200_000),
    '{"event":"project-changed","payload":{}}', '{"id":1,"ok":true,"output":{}}',
  ])('%.60s is no call', async (text) => {
    expect(await caller.send(text)).toMatchObject(refused('bad-request'));
    expect(reached).toEqual([]);
  });

  it('input cannot reach a prototype', async () => {
    expect(await caller.send('{"id":7,"method":"boards.list","input":{"__proto__":{"polluted":1}}}')).toMatchObject(refused('bad-request'));
    expect(await caller.send('{"id":7,"method":"runs.get","input":{"runId":"going-on","constructor":{"prototype":{"polluted":1}}}}')).toMatchObject(refused('bad-request'));
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('a message over the limit is refused, one far over it unread', async () => {
    const tooLarge = (length: number) => JSON.stringify({ id: 7, method: 'inspect.import', input: { boardId: 'rack-epyc', capture: 'x'.repeat(length) } });
    expect(await caller.send(tooLarge(maximumMessageLength))).toMatchObject(refused('too-large'));
    const answer = await caller.send(tooLarge(maximumMessageLength + 2_000_000));
    if (kind.farOversized === 'answered') expect(answer).toMatchObject(refused('too-large'));
    else expect(answer).toBe('closed');
    expect(reached).toEqual([]);
  });

  it('answers with the right one of many calls under way', async () => {
    const client = createClient(opened.link);
    const answers = await Promise.all([client.call('app.info', {}), client.call('boards.list', {}), client.call('practice.state', {}), client.call('app.info', {})]);
    expect(answers[0]).toHaveProperty('version');
    expect(answers[1]).toBeInstanceOf(Array);
    expect(answers[2]).toHaveProperty('machine');
    expect(answers[3]).toEqual(answers[0]);
  });

  it('fails calls under way and later ones at once when it is lost', async () => {
    const client = createClient(opened.link);
    const lost = new Promise<void>((heard) => { client.onLost(heard); });
    opened.cut();
    await lost;
    await expect(client.call('boards.list', {})).rejects.toMatchObject({ code: 'link-lost', extras: { next: expect.any(String) } });
  });

  it('answers whatever is sent, and works on', async () => {
    const method: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...names), fc.string());
    const message = fc.oneof(
      fc.record({ id: fc.nat(), method, input: fc.jsonValue() }).map((call) => JSON.stringify(call)),
      fc.json(),
      // Line ends part messages on the stream link: one message stays one message here.
      fc.string().map((text) => text.replaceAll('\n', ' ')),
    );
    await fc.assert(fc.asyncProperty(message, async (text) => {
      const answer = await caller.send(text);
      expect(answer === 'closed' || answer.ok || answer.error.code !== 'internal').toBe(true);
      expect(answer).not.toBe('closed');
    }), { numRuns: 300 });
    expect(await caller.call('app.info', {})).toMatchObject({ ok: true });
  });
});

const carriers = linkKinds.filter((kind) => kind.name.startsWith('WebSocket') || kind.name.startsWith('preload'));

describe.each(carriers)('what is not text on $name', (kind) => {
  it.each([null, 1, ['{"id":1}'], { id: 1, method: 'boards.list', input: {} }, new Uint8Array(8)])('is refused: %j', async (payload) => {
    const reached: string[] = [];
    const handlers = recording(createFakeCore().handlers, reached);
    const opened = await kind.open((link) => { serveLink(handlers, link); });
    const caller = new RawCaller(opened.link);
    opened.sendOther?.(payload);
    expect(await caller.next()).toMatchObject({ id: null, ...refused('bad-request') });
    expect(reached).toEqual([]);
    await opened.close();
  });
});

describe('answers', () => {
  it.each<MethodName>(['app.info', 'boards.list', 'runs.get'])('%s in another form than declared is an internal fault, not data', async (name) => {
    const handlers: Handlers = new Proxy(createFakeCore().handlers, { get: () => () => Promise.resolve({ unexpected: true }) });
    const [kind] = linkKinds;
    const opened = await kind?.open((link) => { serveLink(handlers, link); });
    if (!opened) throw new Error('there is no link to try');
    expect(await new RawCaller(opened.link).call(name, goodInputs[name])).toMatchObject(refused('internal'));
    await opened.close();
  });
});
