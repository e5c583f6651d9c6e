import { CodedError } from '../../../shared/contract/errors.ts';
import type { ErrorCode } from '../../../shared/contract/errors.ts';
import type { QuestionBody } from '../../../shared/model/question.ts';
import type { Asker } from '../questions/asker.ts';

/** Asks a person about one board, and knows while it does so: time limits stand still meanwhile. */
export interface BoardAsker {
  /** True when the question was accepted, false when it was refused. */
  accepts(body: QuestionBody): Promise<boolean>;
  /** The answers, in order; a refusal is a CodedError `refusedCode`. */
  answers(body: QuestionBody, refusedCode: ErrorCode): Promise<readonly string[]>;
  /** Questions put so far. */
  asked(): number;
  pending(): number;
}

export const createBoardAsker = (asker: Asker, board: { id: string; name: string }, signal: AbortSignal): BoardAsker => {
  let asked = 0;
  let pending = 0;
  const ask = async (body: QuestionBody): ReturnType<Asker['ask']> => {
    asked += 1;
    pending += 1;
    try {
      return await asker.ask(board, body, signal);
    } finally {
      pending -= 1;
    }
  };
  return {
    accepts: async (body) => (await ask(body)).kind === 'accept',
    answers: async (body, refusedCode) => {
      const answer = await ask(body);
      if (answer.kind === 'answers') return answer.answers;
      throw new CodedError(refusedCode, `${board.name}: the question for ${SUBJECT[body.kind]} was not answered, so the attempt was ended.`, {
        board: board.name, next: 'Connect again and answer it, or choose another way to log in.',
      });
    },
    asked: () => asked,
    pending: () => pending,
  };
};

const SUBJECT: Record<QuestionBody['kind'], string> = {
  'host-key': 'the host key',
  certificate: 'the certificate',
  password: 'the password',
  passphrase: 'the passphrase of the key',
  'keyboard-interactive': 'the log-in prompts of the board',
  sudo: 'the sudo password',
};
