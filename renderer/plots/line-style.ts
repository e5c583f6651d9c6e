/** Colours and line patterns of the plot's lines: told apart by pattern too, since colour alone must not carry meaning. */
const hues = ['--accent', '--vm', '--stress', '--emu', '--good', '--warn'] as const;
const dashes: ReadonlyArray<readonly number[]> = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

export interface LineStyle { readonly colourToken: string; readonly dash: readonly number[] }

/** Style of the n-th CPU's line: hue changes fastest, pattern after one round of hues. */
export const lineStyle = (at: number): LineStyle => ({
  colourToken: hues[at % hues.length] ?? '--accent',
  dash: dashes[Math.floor(at / hues.length) % dashes.length] ?? [],
});

/** Style of the n-th side of a comparison: few lines, so hue and pattern change together and neither has to be told alone. */
export const sideStyle = (at: number): LineStyle => ({ colourToken: hues[at % hues.length] ?? '--accent', dash: dashes[at % dashes.length] ?? [] });
