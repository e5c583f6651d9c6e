import { randomUUID } from 'node:crypto';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Answer, Question, QuestionBody } from '../../../shared/model/question.ts';
import type { EventBus } from '../event-bus.ts';
import type { Asker } from './asker.ts';

interface Open { question: Question; settle: (answer: Answer) => void }

/** Puts questions before whoever watches (windows, a terminal) and hands the first answer back. */
export class QuestionDesk implements Asker {
  readonly #open = new Map<string, Open>();
  readonly #bus: EventBus;

  constructor(bus: EventBus) {
    this.#bus = bus;
  }

  ask(board: { id: string; name: string }, body: QuestionBody, signal?: AbortSignal): Promise<Answer> {
    const question: Question = { id: randomUUID(), boardId: board.id, boardName: board.name, body };
    return new Promise<Answer>((settle) => {
      this.#open.set(question.id, { question, settle });
      signal?.addEventListener('abort', () => { this.#settle(question.id, { kind: 'refuse' }); }, { once: true });
      this.#bus.emit('question-asked', question);
    });
  }

  list(): Question[] {
    return [...this.#open.values()].map((open) => open.question);
  }

  answer(questionId: string, answer: Answer): void {
    if (!this.#settle(questionId, answer)) {
      throw new CodedError('bad-request', 'This question has been answered already, or the attempt that asked it is over.');
    }
  }

  refuseAll(): void {
    for (const id of [...this.#open.keys()]) this.#settle(id, { kind: 'refuse' });
  }

  #settle(id: string, answer: Answer): boolean {
    const open = this.#open.get(id);
    if (!open) return false;
    this.#open.delete(id);
    open.settle(answer);
    this.#bus.emit('question-settled', { questionId: id });
    return true;
  }
}
