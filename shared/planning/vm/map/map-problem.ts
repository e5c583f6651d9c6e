/** Why a map cannot be carried out: the field of the map, what is wrong with it, and what to do. */
export interface MapProblem {
  readonly field: string;
  readonly message: string;
  readonly fix: string;
}
