import { cyclictest } from '../cyclictest/cyclictest.ts';
import { shellProgram } from '../shell/sh.ts';
import { printf } from '../shell/printf.ts';
import { accountPrograms } from './account-commands.ts';
import { aptPrograms } from './apt.ts';
import { base64Program } from './base64.ts';
import { becomeRootPrograms } from './become-root.ts';
import { bootPrograms } from './boot-commands.ts';
import { cmpProgram } from './cmp.ts';
import { dnfPrograms } from './dnf.ts';
import { dpkgPrograms } from './dpkg.ts';
import { fetchPrograms } from './fetch-commands.ts';
import { fileCommands } from './file-commands.ts';
import { grepPrograms } from './grep.ts';
import { grubPrograms } from './grub-commands.ts';
import { listFilePrograms } from './list-files.ts';
import { lscpuProgram } from './lscpu.ts';
import { machineInfoPrograms } from './machine-info.ts';
import { modulePrograms } from './module-commands.ts';
import { processPrograms } from './process-commands.ts';
import type { Program } from './program.ts';
import { qemuPrograms } from './qemu-tools.ts';
import { readFilePrograms } from './read-files.ts';
import { rtBenchmarkPrograms } from './rt-benchmarks.ts';
import { rtPrograms } from './rt-tools.ts';
import { runOtherPrograms } from './run-others.ts';
import { systemdPrograms } from './systemd.ts';
import { terminalPrograms } from './terminal-commands.ts';
import { textTools } from './text-tools.ts';
import { virshProgram } from './virsh/virsh.ts';
import { virtInstallProgram } from './virt-install.ts';
import { virtualisationTools } from './virtualisation-tools.ts';

/** Everything that can be run on a practice board. */
export const allPrograms: readonly Program[] = [
  shellProgram('/usr/bin/sh', 'sh'), shellProgram('/usr/bin/dash', 'sh'), shellProgram('/usr/bin/bash', 'bash'),
  { path: '/usr/bin/true', run: async () => 0 }, { path: '/usr/bin/false', run: async () => 1 },
  { path: '/usr/bin/echo', run: async (context) => (await context.out(`${context.args.join(' ')}\n`), 0) },
  { path: '/usr/bin/printf', run: async (context) => (await context.out(printf(context.args).text), 0) },
  { path: '/usr/bin/pwd', run: async (context) => (await context.out(`${context.process.workingFolder}\n`), 0) },
  { path: '/usr/bin/test', run: (context) => context.exec(['sh', '-c', 'test "$@"', 'test', ...context.args]) },
  ...readFilePrograms, ...listFilePrograms, ...fileCommands, ...grepPrograms, ...textTools, base64Program, cmpProgram, ...processPrograms, ...runOtherPrograms, ...becomeRootPrograms,
  ...machineInfoPrograms, lscpuProgram, ...systemdPrograms, ...bootPrograms, ...grubPrograms, ...modulePrograms, ...aptPrograms, ...dpkgPrograms, ...dnfPrograms, ...rtPrograms, ...rtBenchmarkPrograms, ...terminalPrograms, cyclictest,
  ...accountPrograms, ...fetchPrograms, ...qemuPrograms, virshProgram, virtInstallProgram, ...virtualisationTools,
];
