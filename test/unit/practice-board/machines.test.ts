import { describe, expect, test } from 'vitest';
import probeText from '../../../electron/board-scripts/probe.sh?raw';
import { allMachines } from '../../../electron/practice-board/machines/all-machines.ts';
import { parseCapture } from '../../../shared/parsers/capture.ts';
import { logIn, runCommand, runScript, startBench } from './practice-client.ts';

const expected = {
  'dual-xeon': { cpus: 64, isolated: '4-63', realtime: true, shows: 'boot/grub/grub.cfg' },
  'hybrid-client': { cpus: 20, isolated: '', realtime: false, shows: 'boot/grub/grub.cfg' },
  'rhel-atom': { cpus: 4, isolated: '2-3', realtime: true, shows: 'sys/class/firmware-attributes/dell-wmi-sysman' },
  'eci-board': { cpus: 4, isolated: '1,3', realtime: true, shows: 'etc/grub.d/09_eci' },
  'plain-pc': { cpus: 8, isolated: '', realtime: false, shows: 'boot/grub/grub.cfg' },
} as const;

describe.each(Object.entries(expected))('machine %s', (id, facts) => {
  test('is what it says, in every place that tells', async () => {
    const bench = await startBench(id);
    const client = await logIn(bench.login);
    try {
      const asked = await runCommand(client, 'nproc --all; cat /sys/devices/system/cpu/isolated; uname -v; lscpu -p=CPU | grep -vc "#"; ls /proc/irq | wc -l');
      const [count, isolated, version, listed] = asked.stdout.split('\n');
      expect(Number(count)).toBe(facts.cpus);
      expect(Number(listed)).toBe(facts.cpus);
      expect(isolated).toBe(facts.isolated);
      expect(version?.includes('PREEMPT_RT')).toBe(facts.realtime);
      const probe = await runScript(client, `{\n${probeText}\nexit $?\n} </dev/null\n`);
      const capture = parseCapture(probe.stdout);
      expect(capture.ok).toBe(true);
      expect(probe.stdout).toContain(`|${facts.shows}\n`);
      expect(probe.stdout).not.toMatch(/Syntax error|SEGV|undefined|\[object/);
    } finally {
      client.end();
      await bench.close();
    }
  });
});

test('every machine has a name and a description of its own', () => {
  expect(allMachines.map(({ id }) => id)).toEqual(Object.keys(expected));
  expect(new Set(allMachines.map(({ description }) => description)).size).toBe(allMachines.length);
});
