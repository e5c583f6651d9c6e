import type { ProposedStep } from '../../model/plan.ts';
import type { Capture } from '../../parsers/capture.ts';
import { editEciScript } from './eci-script.ts';
import { dropInPath, grubDropIn } from './grub-drop-in.ts';
import { grubbyArguments } from './grubby-arguments.ts';
import type { CheckedLine } from './line-request.ts';
import { commandLineSetting, refuse, type Found } from './refusal.ts';

const updateGrub: ProposedStep = {
  title: 'Generate GRUB’s menu', why: 'GRUB reads grub.cfg, not the files it is made from.', settings: [commandLineSetting], risk: 'boot',
  caution: 'If it fails, the old menu stays and so does the old line.', action: { kind: 'generate', generator: 'update-grub' },
};

/** The steps that make the wanted line that of every ordinary start, the board's own way; none when it is that already. */
export function lineSteps(capture: Capture, line: CheckedLine): Found<ProposedStep[]> {
  if (line.loader.way === 'rhel-grubby') return grubbySteps(line);
  return line.loader.way === 'eci' ? eciSteps(capture, line, line.loader.script) : dropInSteps(capture, line);
}

function dropInSteps(capture: Capture, line: CheckedLine): Found<ProposedStep[]> {
  const text = grubDropIn(capture, line);
  if ('refused' in text) return text;
  const before = capture.lines(dropInPath);
  if (text.found === (before === undefined ? null : `${before.join('\n')}\n`)) return { found: line.wanted.join(' ') === line.standard.words.join(' ') ? [] : [updateGrub] };
  const file: ProposedStep = {
    title: text.found === null ? 'Take our drop-in away' : 'Write the command line into a drop-in of GRUB’s configuration', why: text.found === null ? 'The other files give the wanted line by themselves.' : 'It is read last; the files of the distribution stay untouched.',
    settings: [commandLineSetting], risk: 'boot', caution: '', action: { kind: 'file', path: dropInPath, content: text.found === null ? null : { encoding: 'utf8', data: text.found }, mode: '644' },
  };
  return { found: [file, updateGrub] };
}

function eciSteps(capture: Capture, line: CheckedLine, script: string): Found<ProposedStep[]> {
  if (line.standard.kind !== 'menu' || line.entry !== line.standard) return refuse(`${script} writes the default entry; another kernel’s entry cannot be made the default beside it.`, 'Set GRUB_DEFAULT in /etc/default/grub by hand, run update-grub, then plan again.');
  const lines = capture.lines(script) ?? [];
  if (lines.some((text) => text.includes('\uFFFD'))) return refuse(`${script} is not UTF-8 text.`, 'Edit it by hand, then run update-grub.');
  const text = editEciScript(script, lines, line.standard.menuEntry, line.loader.menu.state.valueOf, line.wanted);
  if ('refused' in text) return text;
  if (text.found === `${lines.join('\n')}\n`) return { found: [] };
  return {
    found: [{
      title: 'Write the command line into the ECI menu script', why: 'Its entry is the one that starts; GRUB_CMDLINE_LINUX is not used by it.', settings: [commandLineSetting], risk: 'boot',
      caution: 'The file belongs to a package of ECI: an upgrade of it asks whether to keep this version.',
      action: { kind: 'file', path: script, content: { encoding: 'utf8', data: text.found }, mode: '755' },
    }, updateGrub],
  };
}

function grubbySteps({ standard, entry, wanted }: CheckedLine): Found<ProposedStep[]> {
  if (entry !== standard) return refuse(`${entry.release ?? 'The tried kernel'} is not the default kernel.`, `Make it so: grubby --set-default ${entry.image.replace(/^\/(?!boot\/)/, '/boot/')}, then plan again.`);
  const changes = grubbyArguments(standard.kind === 'file' ? standard.loaderEntry.options : '', standard.words, wanted);
  if ('refused' in changes) return changes;
  const { add, remove } = changes.found;
  if (add.length === 0 && remove.length === 0) return { found: [] };
  return {
    found: [{
      title: 'Change the arguments of all kernels', why: 'On this distribution grubby keeps them in the boot entries.', settings: [commandLineSetting], risk: 'boot',
      caution: 'All installed kernels get them, the rescue entry too; grubby also notes them for kernels installed later.', action: { kind: 'kernel-arguments', add, remove },
    }],
  };
}
