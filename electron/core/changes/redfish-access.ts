import { CodedError } from '../../../shared/contract/errors.ts';
import type { Action, TargetState } from '../../../shared/model/plan.ts';

type RedfishAction = Extract<Action, { kind: 'redfish' }>;
type RedfishState = Extract<TargetState, { kind: 'redfish' }>;

/** The way to a board's management controller, when it has one that was told to us. */
export interface RedfishAccess {
  read(action: RedfishAction): Promise<RedfishState>;
  apply(action: RedfishAction): Promise<void>;
}

/** Errors: `bmc-unknown` when the project does not say where the board's management controller is. */
export function requireRedfish(access: RedfishAccess | undefined): RedfishAccess {
  if (!access) throw new CodedError('bmc-unknown', 'Where this board’s management controller is has not been told.', { state: 'Nothing was changed.', next: 'Enter its address with the board, then plan again.' });
  return access;
}

export const readRedfishTarget = (access: RedfishAccess | undefined, action: RedfishAction): Promise<RedfishState> => requireRedfish(access).read(action);
