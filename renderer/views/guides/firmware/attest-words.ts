import type { AttestedState } from '../../../../shared/model/checklist.ts';

export const attestedWords: Readonly<Record<AttestedState, { readonly label: string; readonly hint: string }>> = {
  'as-asked': { label: 'As the guide asks', hint: 'The menu shows the option asked for.' },
  different: { label: 'Different', hint: 'The menu shows another option, and it stays so for now.' },
  'cannot-tell': { label: 'Cannot tell', hint: 'It is greyed out, or its words leave it open.' },
  'not-there': { label: 'Not there', hint: 'This firmware has no such item.' },
};
