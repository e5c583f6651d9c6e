import type { Client } from '../../../shared/contract/client.ts';
import type { Answer, Question } from '../../../shared/model/question.ts';
import type { Terminal } from './terminal.ts';

export interface AnswerOptions {
  /** Fingerprints (`SHA256:…`) that are accepted without asking. */
  readonly acceptedHostKeys: readonly string[];
  /** Secrets given on standard input, used in the order they are asked for; null: ask the person. */
  readonly secrets: string[] | null;
}

/** Answers the core's questions from options and, where a person sits at the terminal, by asking. Everything else is refused. */
export function answerQuestions(client: Client, terminal: Terminal, options: AnswerOptions): void {
  client.on('question-asked', (question) => {
    void decide(question, terminal, options).then(async (answer) => {
      await client.call('questions.answer', { questionId: question.id, answer });
    }).catch((thrown: unknown) => { terminal.note(thrown instanceof Error ? thrown.message : String(thrown)); });
  });
}

async function decide(question: Question, terminal: Terminal, options: AnswerOptions): Promise<Answer> {
  const { body } = question;
  if (body.kind === 'host-key') {
    if (options.acceptedHostKeys.includes(body.sha256)) return { kind: 'accept' };
    const where = `${body.host}${body.port === 22 ? '' : ` port ${body.port}`}${body.hops > 1 ? ` (step ${body.hop + 1} of ${body.hops})` : ''}`;
    terminal.note(`${question.boardName}: first contact with ${where}. Its ${body.keyType} key has the fingerprint\n  ${body.sha256}`);
    if (!terminal.interactive) {
      terminal.note(`Nobody can be asked here. Compare it at the board's console, then repeat with --accept-host-key ${body.sha256}`);
      return { kind: 'refuse' };
    }
    const reply = await terminal.ask('Is this the fingerprint shown at the board’s console? (yes/no) ');
    return reply.trim().toLowerCase() === 'yes' ? { kind: 'accept' } : { kind: 'refuse' };
  }
  if (body.kind === 'certificate') {
    if (options.acceptedHostKeys.includes(body.sha256)) return { kind: 'accept' };
    terminal.note(`${question.boardName}: first contact with its management controller ${body.host} port ${body.port} (${body.subject}). Its certificate has the SHA-256 fingerprint\n  ${body.sha256}`);
    if (!terminal.interactive) {
      terminal.note(`Nobody can be asked here. Compare it at the controller, then repeat with --accept-host-key ${body.sha256}`);
      return { kind: 'refuse' };
    }
    const reply = await terminal.ask('Is this the fingerprint of the controller’s own certificate? (yes/no) ');
    return reply.trim().toLowerCase() === 'yes' ? { kind: 'accept' } : { kind: 'refuse' };
  }
  const prompts = promptsOf(question);
  const answers: string[] = [];
  for (const { prompt, echo } of prompts) {
    const given = options.secrets?.shift();
    if (given !== undefined) answers.push(given);
    else if (terminal.interactive && !options.secrets) answers.push(await terminal.ask(prompt, { hidden: !echo }));
    else {
      terminal.note(`${question.boardName} asks “${prompt.trim()}”, and nobody can be asked here. Give the answers on standard input, one a line, with --secrets-stdin.`);
      return { kind: 'refuse' };
    }
  }
  return { kind: 'answers', answers };
}

function promptsOf({ body }: Question): Array<{ prompt: string; echo: boolean }> {
  switch (body.kind) {
    case 'host-key': case 'certificate': return [];
    case 'password': return [{ prompt: `${body.user}@${body.host}'s password: `, echo: false }];
    case 'passphrase': return [{ prompt: `Passphrase of ${body.keyFile}: `, echo: false }];
    case 'sudo': return [{ prompt: `[sudo] password for ${body.user} on ${body.host} (${body.reason}): `, echo: false }];
    case 'keyboard-interactive': return body.prompts.map(({ prompt, echo }) => ({ prompt, echo }));
  }
}
