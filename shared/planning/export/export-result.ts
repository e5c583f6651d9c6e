/** SHA-256 of bytes as hexadecimal digits. Given by the caller: this folder is pure. */
export type Sha256 = (bytes: Uint8Array) => string;

/** A plan as a text for other machines. */
export interface PlanExport {
  readonly text: string;
  /** Steps that are not in the text, and why. Empty when all are. */
  readonly leftOut: ReadonlyArray<{ readonly step: number; readonly title: string; readonly why: string }>;
}
