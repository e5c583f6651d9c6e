import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { CodedError } from '../../../../shared/contract/errors.ts';
import { attestationSchema, attestedStates, type Checklist } from '../../../../shared/model/checklist.ts';
import type { Proposal } from '../../../../shared/model/plan.ts';
import { proposeAttributes } from '../../../../shared/planning/firmware/propose-attributes.ts';
import { platformSupport, platformTable } from '../../../../shared/planning/firmware/platforms.ts';
import { firmwareSheet, sheetHtml, sheetText } from '../../../../shared/planning/firmware/sheet.ts';
import { stepZero } from '../../../../shared/planning/firmware/step-zero.ts';
import { unknowable } from '../../../../shared/planning/firmware/unknowable.ts';
import { findBoard, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { readFirmware } from '../read-firmware.ts';
import { firmwareGateVerb } from './firmware-gate-verb.ts';
import { firmwareMeasureVerb } from './firmware-measure-verb.ts';

export interface FirmwareOptions extends GlobalOptions { capture?: string }
interface AttestOptions extends GlobalOptions { state: string; value?: string; note?: string; by: string; photo?: string }
interface BmcOptions extends GlobalOptions { address?: string; port?: string; remove?: boolean }

export function firmwareVerbs(program: Command, cli: CliContext): void {
  const firmware = program.command('firmware').description('the firmware’s set-up: what to do there, what was found there, and whether the firmware leaves the CPUs alone');
  const ofBoard = (name: string, description: string) => firmware.command(`${name} [board]`).description(description).option('--capture <file>', 'a capture instead of a board');

  ofBoard('sheet', 'one page to carry to the firmware’s set-up: items, menus, options, boxes to tick; only what needs a person')
    .option('--html', 'a page for a browser or a printer instead of text')
    .action(async (name: string | undefined, _options: FirmwareOptions, command: Command) => {
      const options = command.optsWithGlobals<FirmwareOptions & { html?: boolean }>();
      const { snapshot, check, board } = await readFirmware(cli, options, name);
      cli.print(options, firmwareSheet(snapshot, check, board?.name ?? null), options.html ? sheetHtml : sheetText);
    });

  ofBoard('begin', 'how to open the set-up of this machine, where it stands in Intel’s table, and what Linux can never tell')
    .action(async (name: string | undefined, _options: FirmwareOptions, command: Command) => {
      const options = command.optsWithGlobals<FirmwareOptions>();
      const { snapshot, capture } = await readFirmware(cli, options, name);
      const value = { stepZero: stepZero(snapshot.identity), platform: platformSupport(snapshot, capture), table: platformTable, unknowable };
      cli.print(options, value, () => [
        ...value.stepZero.steps.map((step, index) => `${index + 1}. ${step}`), ...(value.stepZero.command === null ? [] : ['', `Without pressing a key, on the board: sudo ${value.stepZero.command}`]),
        '', value.platform.message, `   ${value.platform.source}`, '', 'Linux can never tell:', ...unknowable.map(({ what, why }) => `  ${what}. ${why}`),
      ].join('\n'));
    });

  ofBoard('propose', 'what could be changed from Linux, where this firmware offers its settings (Dell, Lenovo, HP); nothing is changed')
    .option('--setting <id...>', 'only these settings (default: all that are not in order)')
    .action(async (name: string | undefined, _options: FirmwareOptions, command: Command) => {
      const options = command.optsWithGlobals<FirmwareOptions & { setting?: string[] }>();
      const { capture, check } = await readFirmware(cli, options, name);
      cli.print(options, proposeAttributes({ capture, settings: check.settings, wanted: options.setting ?? null }), describeProposal);
    });

  firmwareGateVerb(firmware, cli);
  firmwareMeasureVerb(firmware, cli);

  firmware.command('attest <board> <setting>').description('say what was found in the set-up: firmware attest press firmware.turbo --state as-asked --by Ada --photo screen.jpg')
    .requiredOption('--state <state>', attestedStates.join(', '))
    .requiredOption('--by <name>', 'who looked')
    .option('--value <text>', 'what the menu showed, in its words', '')
    .option('--note <text>', 'anything worth knowing a year later', '')
    .option('--photo <file>', 'a picture of the screen (JPEG, PNG or WebP, at most 8 MB)')
    .action(async (name: string, setting: string, _options: AttestOptions, command: Command) => {
      const options = command.optsWithGlobals<AttestOptions>();
      const attestation = attestationSchema.safeParse({ settingId: setting, state: options.state, value: options.value, note: options.note, by: options.by });
      if (!attestation.success) throw new CodedError('bad-usage', `This cannot be attested: ${attestation.error.issues[0]?.path.join('.') ?? ''} ${attestation.error.issues[0]?.message ?? ''}.`, { next: `States: ${attestedStates.join(', ')}. Settings: rtvm-bench check ${name} --guide firmware --all.` });
      const photo = options.photo === undefined ? null : await readPhoto(options.photo);
      const after = await cli.withProject(options, async (client): Promise<Checklist> => {
        const { id: boardId } = await findBoard(client, name);
        const said = await client.call('checklist.attest', { boardId, attestation: attestation.data });
        return photo === null ? said : client.call('checklist.attach-photo', { boardId, settingId: setting, bytesBase64: photo });
      });
      cli.print(options, after, ({ entries }) => `Noted. ${entries.length} attested so far.`);
    });

  firmware.command('bmc <board>').description('say where a board’s management controller (Redfish) is, or take it away; without options, read its firmware settings')
    .option('--address <host>', 'its address').option('--port <number>', 'its HTTPS port', '443').option('--remove', 'forget address and certificate')
    .action(async (name: string, _options: BmcOptions, command: Command) => {
      const options = command.optsWithGlobals<BmcOptions>();
      await cli.withProject(options, async (client) => {
        const { id: boardId } = await findBoard(client, name);
        if (options.address === undefined && !options.remove) {
          cli.print(options, await client.call('firmware.read-bmc', { boardId }), (systems) => systems.flatMap(({ system, manufacturer, model, biosVersion, attributes }) => [
            `${system}: ${[manufacturer, model, biosVersion].filter((part) => part !== null).join(' ')}`, ...attributes.map((one) => `  ${one.name} = ${String(one.value)}${one.next === one.value ? '' : ` (next start: ${String(one.next)})`}`),
          ]).join('\n'));
          return;
        }
        const bmc = options.remove || options.address === undefined ? null : { address: options.address, port: Number(options.port) };
        cli.print(options, await client.call('firmware.set-bmc', { boardId, bmc }), () => (bmc === null ? 'Forgotten.' : `Noted. Its certificate is asked about at the first reading: rtvm-bench firmware bmc ${boardId}`));
      });
    });
}

async function readPhoto(file: string): Promise<string> {
  try {
    return (await readFile(file)).toString('base64');
  } catch (thrown) {
    throw new CodedError('file-unreadable', `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`, {}, { cause: thrown });
  }
}

function describeProposal({ steps, refused, notes }: Proposal): string {
  return [
    ...(steps.length > 0 ? steps.map(({ title, caution }, index) => `${index + 1}. ${title}${caution === '' ? '' : `\n   Caution: ${caution}`}`) : ['Nothing can be changed from Linux here.']),
    ...refused.map(({ setting, why, next }) => `✕ ${setting}: ${why} ${next}`), ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
