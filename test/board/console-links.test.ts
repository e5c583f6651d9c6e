import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createCore } from '../../electron/core/create-core.ts';
import { createPracticeBoard } from '../../electron/practice-board/practice-board.ts';
import { createClient } from '../../shared/contract/client.ts';
import { linkPair } from '../../shared/contract/link.ts';
import { codedError } from '../support/session-kit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('a terminal is its window’s alone, and ends with it', async () => {
  const home = await temporaryFolder();
  const practice = createPracticeBoard({ stateDir: join(home, 'state') });
  const core = createCore({ hostKind: 'cli', version: '0.0.0', paths: { stateDirectory: join(home, 'state'), defaultProject: join(home, 'p.rtvm') }, practice });
  onTestFinished(() => core.close());
  const windowOf = () => {
    const [mine, theirs] = linkPair();
    core.serve(theirs);
    const client = createClient(mine);
    let text = '';
    let heard: () => void = () => undefined;
    client.on('console-output', (output) => {
      text += output.text;
      heard();
    });
    const shows = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) await new Promise<void>((resolve) => { heard = resolve; });
    };
    return { client, shows, text: () => text };
  };
  const [one, other] = [windowOf(), windowOf()];
  await one.client.call('project.create', { directory: join(home, 'p.rtvm'), name: 'P' });
  one.client.on('question-asked', ({ id }) => { void one.client.call('questions.answer', { questionId: id, answer: { kind: 'accept' } }); });

  const { consoleId } = await one.client.call('consoles.open', { boardId: 'practice', vm: null, columns: 80, rows: 24 });
  await one.client.call('consoles.write', { consoleId, text: 'echo here=$((40 + 2))\r' });
  await one.shows('here=42');
  expect(other.text()).toBe('');
  expect(await codedError(other.client.call('consoles.write', { consoleId, text: 'reboot\r' }))).toMatchObject({ code: 'bad-request' });

  // The window reloads: it has a link of its own, and none of the terminals from before.
  one.client.close();
  const again = windowOf();
  expect(await codedError(again.client.call('consoles.write', { consoleId, text: 'x' }))).toMatchObject({ code: 'bad-request' });
  const second = await again.client.call('consoles.open', { boardId: 'practice', vm: null, columns: 80, rows: 24 });
  const closed = new Promise((resolve) => { again.client.on('console-closed', resolve); });
  await again.client.call('boards.disconnect', { boardId: 'practice' });
  expect(await closed).toMatchObject({ consoleId: second.consoleId, error: { code: 'cancelled' } });
});
