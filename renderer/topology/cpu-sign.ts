/** How a CPU shows who has it: a look (a class of CpuPanel), a letter, and words. Never by colour alone. */
export interface CpuSign { readonly look: string; readonly letter: string; readonly words: string }

export const unknownSign: CpuSign = { look: '', letter: '', words: 'not known' };
