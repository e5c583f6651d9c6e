import { condition, good, notComparable, unknown, type ValidityRule } from './validity-rule.ts';

/** The boot loader's own words differ between boots of the same entry. */
const withoutLoader = (line: string): string => line.split(/\s+/).filter((word) => word !== '' && !/^(?:BOOT_IMAGE|initrd)=/.test(word)).join(' ');

export const boardUnchanged: ValidityRule = {
  id: 'board-unchanged', title: 'The board as it was read', source: 'A result is reported with the settings of the reading it was started from; on another kernel or command line those are not what was measured.',
  check: ({ snapshot, journal: { header } }) => {
    if (header === null) return [];
    if (snapshot === null) return [unknown('The board had not been read before the run: its settings at that time are not known.', 'Inspect the board.')];
    const next = 'Inspect the board, then run again.';
    const [kernel, line] = [header.facts.get('kernel'), header.facts.get('command-line')];
    if (kernel !== undefined && snapshot.kernel.release !== null && kernel !== snapshot.kernel.release) return [notComparable(`The run was made under kernel ${kernel}; the board was read under ${snapshot.kernel.release}.`, next)];
    if (line !== undefined && snapshot.kernel.commandLine !== null && withoutLoader(line) !== withoutLoader(snapshot.kernel.commandLine)) return [notComparable('The kernel’s command line during the run was another one than when the board was read.', next)];
    if (snapshot.bootId !== null && snapshot.bootId !== header.bootId) return [condition('The board was started anew between its reading and the run: settings of the running system may be other ones.', next)];
    return [good('The same start, kernel and command line as when the board was read.')];
  },
};
