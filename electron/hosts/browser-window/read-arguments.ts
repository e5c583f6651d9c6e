import { parseArgs } from 'node:util';
import { CodedError } from '../../../shared/contract/errors.ts';

export interface Arguments {
  readonly project: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  readonly openWindow: boolean;
  /** Why this host and not another, for the line that says so. */
  readonly note: string | undefined;
}

/** Errors: `bad-usage`. */
export function readArguments(args: readonly string[]): Arguments {
  const { project, port, 'no-window': noWindow, note } = parse(args);
  const portNumber = Number(port ?? '0');
  if (!Number.isInteger(portNumber) || portNumber < 0 || portNumber > 65_535) throw badUsage(`“${port ?? ''}” is not a port.`);
  return { project, port: portNumber, openWindow: noWindow !== true, note };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { project: { type: 'string' }, port: { type: 'string' }, 'no-window': { type: 'boolean' }, note: { type: 'string' } },
    }).values;
  } catch (thrown) {
    throw badUsage(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

const badUsage = (what: string) => new CodedError('bad-usage', what, { next: 'Known: --project FOLDER, --port NUMBER, --no-window.' });
