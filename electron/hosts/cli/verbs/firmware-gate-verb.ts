import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { parseHwlatdetect } from '../../../../shared/parsers/hwlatdetect/hwlatdetect-format.ts';
import { smiFormat } from '../../../../shared/parsers/smi/smi-format.ts';
import { firmwareGate, openFirmwareItems } from '../../../../shared/planning/firmware/gate.ts';
import { smiCounting } from '../../../../shared/planning/firmware/msr-module.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { readFirmware } from '../read-firmware.ts';

interface GateOptions extends GlobalOptions { capture?: string; hwlatdetect?: string; smi?: string; deadline?: string }

/** `firmware gate`: the verdict on the firmware, from what hwlatdetect and rdmsr printed. */
export function firmwareGateVerb(firmware: Command, cli: CliContext): void {
  firmware.command('gate [board]').description('whether the firmware leaves the CPUs alone: quiet, firmware-limited or not suitable for real-time; from what hwlatdetect and rdmsr printed')
    .option('--hwlatdetect <file>', 'what hwlatdetect printed (ten minutes or more, threshold 10 µs)')
    .option('--smi <file>', 'what “rdmsr -a -d 0x34” printed before and after, with an empty line between')
    .option('--deadline <us>', 'what the application must keep (default: 100 µs, beyond which bare metal is poor)')
    .option('--capture <file>', 'the machine’s capture: tells VM from machine and what is left to change')
    .action(async (name: string | undefined, _options: GateOptions, command: Command) => {
      const options = command.optsWithGlobals<GateOptions>();
      const deadlineUs = options.deadline === undefined ? null : Number(options.deadline);
      if (deadlineUs !== null && !(deadlineUs > 0)) throw new CodedError('bad-usage', '--deadline is a number of microseconds above 0.');
      if (options.hwlatdetect === undefined && options.smi === undefined) throw new CodedError('bad-usage', 'Give --hwlatdetect FILE, --smi FILE or both.', { next: 'On the board: hwlatdetect --duration=10m --threshold=10 > hwlatdetect.txt' });
      const hwlatdetect = options.hwlatdetect === undefined ? null : parseHwlatdetect(await readInput(cli.terminal, options.hwlatdetect));
      if (hwlatdetect && !hwlatdetect.ok) throw hwlatdetect.error;
      const smi = options.smi === undefined ? null : smiFormat.parse(await readInput(cli.terminal, options.smi));
      if (smi && !smi.ok) throw smi.error;
      const reading = options.capture === undefined && name === undefined ? null : await readFirmware(cli, options, name);
      const value = firmwareGate({
        hwlatdetect: hwlatdetect?.value ?? null, smi: smi?.value ?? null, deadlineUs,
        inVm: reading !== null && smiCounting(reading) === 'vm',
        openItems: reading === null ? null : openFirmwareItems(reading.check.settings),
      });
      cli.print(options, value, ({ verdict, evidence, next }) => [verdict, ...evidence.map((line) => `  ${line}`), next].join('\n'));
      if (value.verdict === 'firmware-limited' || value.verdict === 'not suitable for real-time') process.exitCode = 1;
    });
}
