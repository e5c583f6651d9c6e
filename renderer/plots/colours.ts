/** The value a design token has now (light or dark). */
export const tokenValue = (token: string): string => getComputedStyle(document.documentElement).getPropertyValue(token).trim();

/** A token's value, or the colour as it is. */
export const colourOf = (colour: string): string => (colour.startsWith('--') ? tokenValue(colour) : colour);

/** Calls back when the system turns light or dark; returns how to stop. */
export function onSchemeChange(listener: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', listener);
  return () => { query.removeEventListener('change', listener); };
}
