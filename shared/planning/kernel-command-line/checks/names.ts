import { isCommonName } from '../common-names.ts';
import { editDistance } from '../edit-distance.ts';
import { knownParameter, knownParameters } from '../known-values.ts';
import type { Parameter } from '../command-line.ts';
import type { Check, LintFinding } from '../lint-finding.ts';
import { misspellings } from '../misspellings.ts';

/** Names the kernel does not know, or takes for something else. */
export const checkNames: Check = (parameters) => parameters.flatMap((parameter) => nameFinding(parameter) ?? []);

function nameFinding(parameter: Parameter): LintFinding | null {
  const { name, value } = parameter;
  if (Object.hasOwn(misspellings, name)) {
    const misspelling = misspellings[name];
    if (!misspelling) return null;
    const { right, message } = misspelling;
    return right === null
      ? { parameter: name, code: 'no-effect', severity: 'warning', message, suggestion: '' }
      : { parameter: name, code: 'misspelt', severity: 'error', message, suggestion: value === null ? right : `${right}=${value}` };
  }
  if (knownParameter(name) || isCommonName(name)) return null;
  const base = knownParameters.find((known) => known.prefix && name.startsWith(known.name));
  if (base) {
    return { parameter: name, code: 'prefix-match', severity: 'warning', message: `The kernel compares only the beginning and takes this as ${base.name}.`, suggestion: base.name };
  }
  const near = nearest(name);
  if (near) {
    return {
      parameter: name, code: 'misspelt', severity: 'error', suggestion: value === null ? near : `${near}=${value}`,
      message: `Not known to the kernel; probably ${near} is meant.${name.includes('.') ? ' A dotted name that does not exist is never reported.' : ''}`,
    };
  }
  return {
    parameter: name, code: 'unknown', severity: 'note',
    message: name.includes('.')
      ? 'RTVM Bench does not know this module parameter. The kernel never reports one that does not exist.'
      : 'RTVM Bench does not know this parameter. If the kernel does not either, it names it in its first messages and hands it to init.',
  };
}

/** The known name that differs by one letter, or two in a long name, capitals and separators aside. */
function nearest(name: string): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[_.]/g, '');
  for (const known of knownParameters) {
    const limit = known.name.length >= 9 ? 2 : known.name.length >= 6 ? 1 : 0;
    if (editDistance(plain(name), plain(known.name), limit) <= limit) return known.name;
  }
  return null;
}
