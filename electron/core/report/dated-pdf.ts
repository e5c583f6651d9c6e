import { dateOfStamp } from '../../../shared/model/stamp.ts';

/**
 * A PDF that bears the report's date and not that of its printing, so that the same report is the same bytes. Both dates are written in
 * place, in as many bytes: nothing in the file moves. Source: ISO 32000-1, 7.9.4 and 14.3.3.
 */
export function datedPdf(pdf: Uint8Array, stamp: string): Uint8Array {
  const date = `D:${dateOfStamp(stamp).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}+00'00'`;
  // One character a byte: what is not text comes back as it was.
  const text = Buffer.from(pdf).toString('latin1');
  return Buffer.from(text.replaceAll(/\/(CreationDate|ModDate) \(D:\d{14}[+-]\d{2}'\d{2}'\)/g, (_all, name: string) => `/${name} (${date})`), 'latin1');
}
