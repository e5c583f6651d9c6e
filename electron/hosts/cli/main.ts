import packageJson from '../../../package.json' with { type: 'json' };
import { processTerminal } from './terminal.ts';
import { runCli } from './run-cli.ts';

// A reader that closes early (`| head`) ends the output, not the program with a stack trace.
process.stdout.on('error', () => { process.exit(0); });

const exitCode = await runCli(process.argv.slice(2), processTerminal(), packageJson.version);
// What was written is drained first; open handles of libraries must not keep a finished command alive.
process.stdout.write('', () => { process.exit(exitCode); });
