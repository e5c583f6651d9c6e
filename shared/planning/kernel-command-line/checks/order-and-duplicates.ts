import type { Check, LintFinding } from '../lint-finding.ts';
import { knownParameter } from '../known-values.ts';

/** Parameters given twice, and hugepages before the size they are meant for. */
export const checkOrderAndDuplicates: Check = (parameters) => {
  const findings: LintFinding[] = [];
  const names = [...new Set(parameters.map(({ name }) => name))];
  for (const name of names) {
    const all = parameters.filter((parameter) => parameter.name === name);
    const twice = knownParameter(name)?.twice;
    const distinct = new Set(all.map(({ value }) => value));
    if (all.length < 2 || twice === undefined || twice === 'adds' || distinct.size < 2) continue;
    const kept = twice === 'first' ? all[0] : all.at(-1);
    findings.push({
      parameter: name, code: 'duplicate', severity: 'warning', suggestion: kept?.text ?? name,
      message: `${name} stands here ${all.length} times with different values; the ${twice} one (${kept?.value ?? ''}) counts.`,
    });
  }
  return [...findings, ...hugepageOrder(parameters)];
};

/** `hugepages=` belongs to the `hugepagesz=` before it, or to the default size when there is none. Source: mm/hugetlb.c. */
function hugepageOrder(parameters: Parameters<Check>[0]): LintFinding[] {
  const size = parameters.findIndex(({ name }) => name === 'hugepagesz');
  const count = parameters.findIndex(({ name }) => name === 'hugepages');
  const chosen = parameters[size];
  const number = parameters[count];
  const defaultSize = parameters.find(({ name }) => name === 'default_hugepagesz');
  const unsupported = parameters.filter(({ name, value }) => (name === 'hugepagesz' || name === 'default_hugepagesz') && value !== null && /^\d+[KMGT]?$/i.test(value) && !/^(?:2M|2048K|1G|1024M|2m|1g|1048576K)$/.test(value));
  const findings: LintFinding[] = unsupported.map(({ name, value }) => ({
    parameter: name, code: 'value-invalid', severity: 'error', message: `x86 has huge pages of 2M and 1G only; ${value ?? ''} is refused and the hugepages= behind it is dropped.`,
  }));
  const followed = parameters.slice(size + 1).some(({ name }) => name === 'hugepages');
  if (chosen && number && count < size && !followed && defaultSize?.value !== chosen.value) {
    findings.push({
      parameter: 'hugepages', code: 'wrong-order', severity: 'error', suggestion: `${chosen.text} ${number.text}`,
      message: `hugepages= belongs to the hugepagesz= before it: this gives ${number.value ?? ''} pages of the default size and none of ${chosen.value ?? ''}.`,
    });
  }
  return findings;
}
