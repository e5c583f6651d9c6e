import type { Command } from 'commander';
import type { Finding } from '../../../../shared/model/finding.ts';
import type { VmMap } from '../../../../shared/model/vm-map.ts';
import type { DomainChange } from '../../../../shared/planning/vm/domain-change.ts';
import { readVmMap } from '../../../../shared/planning/vm/map/read-vm-map.ts';
import { readDomain } from '../../../../shared/planning/vm/read-domain.ts';
import { auditDomain, tuneDomain } from '../../../../shared/planning/vm/tune-domain.ts';
import { elementOf, textOf } from '../../../../shared/planning/vm/xml/xml-tree.ts';
import { readInput, type CliContext, type GlobalOptions } from '../cli-context.ts';
import { valueOf } from '../value-of.ts';
import { boardVmVerbs } from './board-vm-verbs.ts';

interface TuneOptions extends GlobalOptions { xml: string; map: string }
interface AuditOptions extends GlobalOptions { xml: string; map?: string }

const mapHelp = `
A map, in JSON or YAML, says which host CPU each vCPU has, and what else the VM is given (docs/vm-map.md):
  {"vcpus": [4, 6, 8, 10], "emulator": "56,58", "memory": {"hugepages": "1GiB", "nodes": [0]}}
What “plan cpus … --json” prints is a map too: the VM of the domain’s name in it is taken, or the only one.`;

const tuneHelp = `${mapHelp}

Example:
  virsh dumpxml --inactive debian12-rt > domain.xml
  rtvm-bench vm tune --xml domain.xml --map map.json > tuned.xml
  virt-xml-validate tuned.xml domain && virsh define --validate tuned.xml`;

export function vmVerbs(program: Command, cli: CliContext): void {
  const vm = program.command('vm').description('virtual machines: those of a board, and the XML of any');

  vm.command('tune').description('tune the XML of a domain for real-time work: XML on standard output, what was changed and why on standard error')
    .requiredOption('--xml <file>', 'XML of the domain, as virsh dumpxml --inactive prints it; - is standard input')
    .requiredOption('--map <file>', 'what the VM is given of its host')
    .addHelpText('after', tuneHelp)
    .action(async (_options: TuneOptions, command: Command) => {
      const options = command.optsWithGlobals<TuneOptions>();
      const xml = await readInput(cli.terminal, options.xml);
      const tuned = valueOf(tuneDomain(xml, await mapFrom(cli, xml, options.map)));
      cli.print(options, tuned, ({ xml: text }) => text);
      if (!options.json) cli.terminal.note([...describeChanges(tuned.name, tuned.changes), ...tuned.findings.map(describeFinding)].join('\n'));
      failOnErrors(tuned.findings);
    });

  vm.command('audit').description('what of a domain is not real-time, and why')
    .requiredOption('--xml <file>', 'XML of the domain; - is standard input')
    .option('--map <file>', 'what the VM is given of its host: says also where the domain departs from it')
    .addHelpText('after', mapHelp)
    .action(async (_options: AuditOptions, command: Command) => {
      const options = command.optsWithGlobals<AuditOptions>();
      const xml = await readInput(cli.terminal, options.xml);
      const audit = valueOf(auditDomain(xml, options.map === undefined ? null : await mapFrom(cli, xml, options.map)));
      cli.print(options, audit, ({ name, findings }) => (findings.length === 0 ? `${name}: nothing speaks against real-time work.` : findings.map(describeFinding).join('\n')));
      failOnErrors(audit.findings);
    });

  boardVmVerbs(vm, cli);
}

/** The domain is read first: a map of a whole board is searched for its name. */
async function mapFrom(cli: CliContext, xml: string, file: string): Promise<VmMap> {
  const { root } = valueOf(readDomain(xml));
  return valueOf(readVmMap(await readInput(cli.terminal, file), textOf(elementOf(root, 'name'))));
}

/** Each change on a line of its own, and once for all that follow each other for the same reason, that reason. */
function describeChanges(name: string, changes: readonly DomainChange[]): string[] {
  if (changes.length === 0) return [`${name} is tuned already: nothing was changed.`];
  return [`${name}: ${changes.length} changes`, ...changes.flatMap(({ element, from, to, why, source }, index) => [
    `${from === null ? '+' : to === null ? '-' : '~'} ${element}: ${[from, to].filter((text) => text !== null).join(' → ')}`,
    ...(changes[index + 1]?.why === why ? [] : [`    ${why} (${source})`]),
  ])];
}

const describeFinding = ({ severity, element, message, fix }: Finding) => `${severity.padEnd(7)}  ${element}: ${message}${fix === undefined ? '' : ` ${fix}`}`;

function failOnErrors(findings: readonly Finding[]): void {
  if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}
