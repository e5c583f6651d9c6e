import { Scalar } from 'yaml';

/** Text that comes from a plan and stands in a playbook as it is: in every other text Ansible reads `{{` as its own. */
export class AsItIs {
  constructor(readonly text: string) {}
}

/** A value whose texts of a plan are YAML nodes, tagged where Ansible would expand them. */
export function asNodes(value: unknown): unknown {
  if (value instanceof AsItIs) return scalarOf(value.text);
  if (Array.isArray(value)) return value.map(asNodes);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asNodes(one)]));
  return value;
}

function scalarOf(text: string): Scalar<string> {
  const scalar = new Scalar(text);
  if (/[{][{%#]/.test(text)) scalar.tag = '!unsafe';
  // A tab or a space at the beginning of a block would be taken for its indentation.
  if (text.includes('\n')) scalar.type = /^\s|\t/.test(text) ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
  else scalar.type = Scalar.QUOTE_SINGLE;
  return scalar;
}

/** A name of a play or a task, which Ansible would expand too. */
export const displayName = (text: string): string => text.replaceAll(/\{(?=[{%#])/g, '{ ');
