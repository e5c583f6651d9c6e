import { lines, noVerdicts, verdictOf, type Setting } from '../setting.ts';

export const setting: Setting = {
  id: 'kernel.command-line', layer: 'host kernel', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-service-vm', 'acrn-rtvm'],
  title: 'Command line without mistakes',
  why: 'The kernel ignores most mistakes without a word: the setting looks made and is not.',
  source: 'Linux Documentation/admin-guide/kernel-parameters.txt',
  assess: ({ snapshot, problemsOf }) => {
    const { kernel } = snapshot;
    const line = kernel.pending.commandLine ?? kernel.commandLine;
    const states = { requested: 'no mistakes', written: kernel.pending.commandLine, booted: kernel.commandLine, effective: null };
    if (line === null) return { status: 'unknown', stuckAt: null, states, verdicts: { ...noVerdicts, written: 'unknown', booted: 'unknown' }, evidence: [], message: 'The command line was not read.', fix: null };
    const problems = problemsOf(line).filter(({ severity }) => severity !== 'note');
    const ignored = kernel.builtInParametersUnknown.length > 0 ? [`The kernel did not take: ${kernel.builtInParametersUnknown.join(' ')}`] : [];
    const evidence = lines(kernel.pending.evidence, kernel.commandLine === null ? null : `/proc/cmdline: ${kernel.commandLine}`, ...ignored);
    const booted = kernel.commandLine === null ? null : ignored.length === 0 && (kernel.pending.commandLine === null ? problems : problemsOf(kernel.commandLine).filter(({ severity }) => severity === 'error')).length === 0;
    const verdicts = { ...noVerdicts, written: verdictOf(kernel.pending.commandLine === null ? null : problems.length === 0), booted: verdictOf(booted) };
    if (problems.length === 0 && ignored.length === 0) return { status: 'ok', stuckAt: null, states, verdicts, evidence, message: 'Nothing is wrong with it.', fix: null };
    return {
      status: 'change', stuckAt: verdicts.written === 'bad' ? 'written' : 'booted', states, verdicts, evidence,
      message: [...problems.map(({ parameter, message }) => `${parameter}: ${message}`), ...ignored].join(' '),
      fix: problems.map(({ parameter, suggestion }) => (suggestion === undefined ? `See to ${parameter}.` : suggestion === '' ? `Leave out ${parameter}.` : `Write ${suggestion}.`)).join(' ') || 'Leave out what the kernel does not take.',
    };
  },
};
