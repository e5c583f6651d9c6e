import type { WordNode } from 'just-bash';
import { ShellError } from './control-flow.ts';

export type ArithmeticExpression = Extract<WordNode['parts'][number], { type: 'ArithmeticExpansion' }>['expression'];
type Node = ArithmeticExpression['expression'];

export interface ArithmeticScope {
  get(name: string): string;
  set(name: string, value: string): void;
  substitute(command: string): Promise<string>;
  braced(content: string): Promise<string>;
}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const truth = (value: boolean): bigint => (value ? 1n : 0n);

function toNumber(text: string): bigint {
  const trimmed = text.trim();
  if (trimmed === '') return 0n;
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]+|\d+)$/.exec(trimmed);
  if (match === null) throw new ShellError(`Illegal number: ${trimmed}`);
  const [, sign, digits = '0'] = match;
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return wrap(sign === '-' ? -value : value);
}

const binary: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '**': (a, b) => a ** b,
  '<<': (a, b) => a << (b & 63n), '>>': (a, b) => a >> (b & 63n), '&': (a, b) => a & b, '|': (a, b) => a | b, '^': (a, b) => a ^ b,
  '<': (a, b) => truth(a < b), '<=': (a, b) => truth(a <= b), '>': (a, b) => truth(a > b), '>=': (a, b) => truth(a >= b),
  '==': (a, b) => truth(a === b), '!=': (a, b) => truth(a !== b), ',': (_a, b) => b,
  '/': (a, b) => divide(a, b, a / (b === 0n ? 1n : b)), '%': (a, b) => divide(a, b, a % (b === 0n ? 1n : b)),
};

function divide(_dividend: bigint, divisor: bigint, result: bigint): bigint {
  if (divisor === 0n) throw new ShellError('arithmetic expression: division by zero');
  return result;
}

/** Evaluates `$((…))` with 64-bit wrap-around, as dash does. */
export async function evaluate(node: Node, scope: ArithmeticScope): Promise<bigint> {
  const value = (child: Node): Promise<bigint> => evaluate(child, scope);
  switch (node.type) {
    case 'ArithNumber': return BigInt(node.value);
    case 'ArithVariable': return toNumber(scope.get(node.name));
    case 'ArithSpecialVar': return toNumber(scope.get(node.name));
    case 'ArithGroup': case 'ArithNested': return value(node.expression);
    case 'ArithCommandSubst': return toNumber(await scope.substitute(node.command));
    case 'ArithBracedExpansion': return toNumber(await scope.braced(node.content));
    case 'ArithConcat': return toNumber((await Promise.all(node.parts.map(value))).join(''));
    case 'ArithTernary': return (await value(node.condition)) !== 0n ? value(node.consequent) : value(node.alternate);
    case 'ArithBinary': {
      if (node.operator === '&&') return truth((await value(node.left)) !== 0n && (await value(node.right)) !== 0n);
      if (node.operator === '||') return truth((await value(node.left)) !== 0n || (await value(node.right)) !== 0n);
      const operate = binary[node.operator];
      if (operate === undefined) break;
      return wrap(operate(await value(node.left), await value(node.right)));
    }
    case 'ArithUnary': {
      const operand = await value(node.operand);
      if (node.operator === '-') return wrap(-operand);
      if (node.operator === '+') return operand;
      if (node.operator === '!') return truth(operand === 0n);
      if (node.operator === '~') return wrap(~operand);
      if (node.operand.type !== 'ArithVariable') break;
      const changed = wrap(operand + (node.operator === '++' ? 1n : -1n));
      scope.set(node.operand.name, String(changed));
      return node.prefix ? changed : operand;
    }
    case 'ArithAssignment': {
      const right = await value(node.value);
      const operate = binary[node.operator.slice(0, -1)];
      const result = operate === undefined ? right : wrap(operate(toNumber(scope.get(node.variable)), right));
      scope.set(node.variable, String(result));
      return result;
    }
    default:
  }
  throw new ShellError('arithmetic expression: syntax error');
}
