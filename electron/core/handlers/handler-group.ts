import type { Handlers } from '../../../shared/contract/dispatch.ts';
import type { MethodName } from '../../../shared/contract/methods.ts';

/** The handlers of all methods whose name begins with one of the prefixes. */
export type HandlerGroup<Prefix extends string> = Pick<Handlers, Extract<MethodName, `${Prefix}.${string}`>>;
