import type { Parameter } from '../command-line.ts';
import { knownParameter, type KnownParameter } from '../known-values.ts';
import type { Check, LintFinding } from '../lint-finding.ts';

/** Values that are ignored, refused or missing. */
export const checkValues: Check = (parameters) => parameters.flatMap((parameter) => {
  const known = knownParameter(parameter.name);
  return known ? valueFinding(parameter, known) ?? [] : [];
});

function valueFinding({ name, value }: Parameter, known: KnownParameter): LintFinding | null {
  if (value === null) {
    return known.form === 'value' ? { parameter: name, code: 'value-missing', severity: 'error', message: `${name} does nothing without a value.` } : null;
  }
  if (known.form === 'flag') {
    return known.prefix
      ? { parameter: name, code: 'prefix-match', severity: 'warning', message: `${name} takes no value; “${value}” is not looked at and it acts as ${name}.`, suggestion: name }
      : { parameter: name, code: 'value-invalid', severity: 'warning', message: `${name} is a bare word and takes no value.`, suggestion: name };
  }
  if (isAccepted(value, known)) return null;
  const meant = known.meant?.[value] ?? known.values?.find((right) => right.toLowerCase() === value.toLowerCase());
  const accepted = known.values ? ` It accepts ${known.values.join(', ')}.` : '';
  return {
    parameter: name, code: 'value-ignored', severity: 'error', message: `“${value}” is no value of ${name}: it has no effect, and most kernels do not say so.${accepted}`,
    ...(meant !== undefined && { suggestion: `${name}=${meant}` }),
  };
}

function isAccepted(value: string, known: KnownParameter): boolean {
  if (!known.values && !known.pattern) return value !== '';
  return (known.values?.includes(value) ?? false) || (known.pattern?.test(value) ?? false);
}
