import type { Answer, QuestionBody } from '../../../shared/model/question.ts';

/** Whoever can ask a person: a window, a terminal, or nobody (then every question is refused). */
export interface Asker {
  ask(board: { id: string; name: string }, body: QuestionBody, signal?: AbortSignal): Promise<Answer>;
}
