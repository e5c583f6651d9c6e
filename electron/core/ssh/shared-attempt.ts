import { CodedError } from '../../../shared/contract/errors.ts';

/** An attempt that several callers wait for together: it is made once, and given up when the last of them has gone. */
export interface SharedAttempt<A, T> {
  /** Joins the attempt under way, or begins one with `argument`. */
  join(argument: A, signal: AbortSignal): Promise<T>;
  cancel(): void;
}

export const createShared = <A, T>(begin: (argument: A, signal: AbortSignal) => Promise<T>): SharedAttempt<A, T> => {
  let running: { readonly promise: Promise<T>; readonly stop: AbortController; readonly argument: A; waiting: number } | null = null;
  const join = (argument: A, signal: AbortSignal): Promise<T> => {
    if (running === null) {
      const stop = new AbortController();
      const promise = begin(argument, stop.signal).finally(() => { running = null; });
      promise.catch(() => undefined);
      running = { promise, stop, argument, waiting: 0 };
    }
    const mine = running;
    // An attempt begun with another argument (nobody to answer questions) may fail of it: then one of our own is made.
    const outcome = mine.argument === argument ? mine.promise : mine.promise.catch(() => join(argument, signal));
    mine.waiting += 1;
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        mine.waiting -= 1;
        if (mine.waiting === 0) mine.stop.abort();
        reject(signal.reason instanceof CodedError ? signal.reason : new CodedError('cancelled', 'Connecting was cancelled.', { next: 'Connect again when you want to.' }));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      outcome.then(resolve, reject).finally(() => { signal.removeEventListener('abort', onAbort); });
    });
  };
  return { join, cancel: () => { running?.stop.abort(); } };
};
