/** A number as typed in a form; NaN for anything else. */
export const wholeNumber = (text: string): number => /^\d{1,12}$/.test(text.trim()) ? Number(text.trim()) : NaN;
/** With a point or a comma. */
export const decimal = (text: string): number => /^\d{1,9}([.,]\d{1,9})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : NaN;
