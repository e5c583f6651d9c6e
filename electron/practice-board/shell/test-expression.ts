import type { Inode } from '../files/inode.ts';
import { mayAccess } from '../files/inode.ts';
import type { Shell } from './shell.ts';

/** `test`: 0 true, 1 false, 2 not understood. */
export async function evaluateTest(shell: Shell, args: readonly string[]): Promise<number> {
  try {
    return new TestExpression(shell, args).run() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestSyntax)) throw error;
    await shell.complain(`test: ${error.message}`);
    return 2;
  }
}

class TestSyntax extends Error {}

const comparisons: Readonly<Record<string, (left: bigint, right: bigint) => boolean>> = {
  '-eq': (a, b) => a === b, '-ne': (a, b) => a !== b, '-lt': (a, b) => a < b, '-le': (a, b) => a <= b, '-gt': (a, b) => a > b, '-ge': (a, b) => a >= b,
};
const binaryOperators = new Set(['=', '==', '!=', '<', '>', '-nt', '-ot', '-ef', ...Object.keys(comparisons)]);

class TestExpression {
  #at = 0;
  constructor(readonly shell: Shell, readonly args: readonly string[]) {}

  run(): boolean {
    const { args } = this;
    if (args.length === 0) return false;
    // POSIX decides short forms by their length, so that operands may look like operators.
    if (args.length === 1) return args[0] !== '';
    if (args.length === 2 && args[0] === '!') return args[1] === '';
    if (args.length === 3 && binaryOperators.has(args[1] ?? '')) return this.#binary(args[0] ?? '', args[1] ?? '', args[2] ?? '');
    const result = this.#or();
    if (this.#at < args.length) throw new TestSyntax(`${args[this.#at] ?? ''}: unexpected operator`);
    return result;
  }

  #next(): string {
    const text = this.args[this.#at];
    if (text === undefined) throw new TestSyntax('argument expected');
    this.#at += 1;
    return text;
  }

  #or(): boolean {
    let result = this.#and();
    while (this.args[this.#at] === '-o') {
      this.#at += 1;
      const right = this.#and();
      result = result || right;
    }
    return result;
  }

  #and(): boolean {
    let result = this.#not();
    while (this.args[this.#at] === '-a') {
      this.#at += 1;
      const right = this.#not();
      result = result && right;
    }
    return result;
  }

  #not(): boolean {
    if (this.args[this.#at] === '!' && !binaryOperators.has(this.args[this.#at + 1] ?? '')) {
      this.#at += 1;
      return !this.#not();
    }
    return this.#primary();
  }

  #primary(): boolean {
    const first = this.#next();
    const operator = this.args[this.#at];
    if (operator !== undefined && binaryOperators.has(operator)) {
      this.#at += 1;
      return this.#binary(first, operator, this.#next());
    }
    if (first === '(') {
      const result = this.#or();
      if (this.#next() !== ')') throw new TestSyntax('closing paren expected');
      return result;
    }
    if (/^-[bcdefghknprstuwxzLOGS]$/.test(first) && operator !== undefined) return this.#unary(first, this.#next());
    return first !== '';
  }

  #binary(left: string, operator: string, right: string): boolean {
    if (operator === '=' || operator === '==') return left === right;
    if (operator === '!=') return left !== right;
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    const compare = comparisons[operator];
    if (compare !== undefined) return compare(integer(left), integer(right));
    const [a, b] = [this.#inode(left), this.#inode(right)];
    if (operator === '-ef') return a !== undefined && a === b;
    const newer = operator === '-nt' ? a : b;
    const older = operator === '-nt' ? b : a;
    return newer !== undefined && (older === undefined || newer.modifiedMs > older.modifiedMs);
  }

  #inode(path: string, follow = true): Inode | undefined {
    try {
      return this.shell.linux.files.find(this.shell.path(path), this.shell.process.credentials, follow);
    } catch {
      return undefined;
    }
  }

  #unary(operator: string, operand: string): boolean {
    if (operator === '-n') return operand !== '';
    if (operator === '-z') return operand === '';
    if (operator === '-t') return this.shell.process.fds.get(Number(operand))?.terminal ?? false;
    const inode = this.#inode(operand, operator !== '-L' && operator !== '-h');
    if (inode === undefined) return false;
    const who = this.shell.process.credentials;
    switch (operator) {
      case '-f': return inode.kind === 'file' || inode.kind === 'computed';
      case '-d': return inode.kind === 'folder';
      case '-p': return inode.kind === 'fifo';
      case '-S': return inode.kind === 'socket';
      case '-c': return inode.kind === 'device';
      case '-L': case '-h': return inode.kind === 'link';
      case '-s': return inode.kind === 'folder' || (inode.kind === 'file' && inode.size > 0);
      case '-r': return mayAccess(inode, who, 'read');
      case '-w': return mayAccess(inode, who, 'write');
      case '-x': return mayAccess(inode, who, 'execute');
      case '-O': return inode.uid === who.uid;
      case '-G': return inode.gid === who.gid;
      case '-e': return true;
      default: return false;
    }
  }
}

function integer(text: string): bigint {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) throw new TestSyntax(`Illegal number: ${text}`);
  return BigInt(trimmed.replace(/^\+/, ''));
}
