import type { EventName, EventPayload } from '../../shared/contract/methods.ts';

export type EventListener = <E extends EventName>(event: E, payload: EventPayload<E>) => void;

/** Carries what the core tells to every window that listens. */
export class EventBus {
  readonly #listeners = new Set<EventListener>();

  emit<E extends EventName>(event: E, payload: EventPayload<E>): void {
    for (const listener of this.#listeners) listener(event, payload);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }
}
