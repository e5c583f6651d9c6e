/** A, B, C … of the sides of a comparison. */
export const sideLetter = (at: number): string => String.fromCharCode(65 + (at % 26));
