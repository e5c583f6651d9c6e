import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const realVirsh = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'virsh')).find((file) => existsSync(file));

/** Why tests that need libvirt's own reading of XML are skipped; null: they are not. */
export const virshMissing: string | null = realVirsh === undefined ? 'virsh is not installed; Debian has it in libvirt-clients' : null;

/** A folder whose `virsh` keeps domains and networks as libvirt's daemon would, and reads them with the real virsh. */
export interface FakeVirsh {
  readonly folder: string;
  /** Defines a domain from outside, as somebody at the board would. */
  define(xml: string): void;
  /** As `virsh dumpxml --inactive`; null: there is no such VM. */
  dump(name: string): string | null;
  network(name: string): { readonly xml: string; readonly active: boolean; readonly autostart: boolean } | null;
  /** Whether the daemon answers. */
  setSilent(silent: boolean): void;
  setDnsmasqMissing(missing: boolean): void;
  calls(): string[];
  clear(): void;
  remove(): void;
}

export function fakeVirsh(): FakeVirsh {
  const folder = mkdtempSync(join(tmpdir(), 'rtvm-virsh-'));
  const program = join(folder, 'virsh');
  const store = join(folder, 'store');
  writeFileSync(program, readFileSync(join(import.meta.dirname, 'fake-virsh.sh'), 'utf8').replaceAll('REAL_VIRSH', realVirsh ?? 'virsh'), { mode: 0o755 });
  const clear = () => {
    rmSync(store, { recursive: true, force: true });
    mkdirSync(store);
  };
  clear();
  const virsh = (...args: string[]) => execFileSync(program, ['-c', 'qemu:///system', ...args], { encoding: 'utf8' });
  const mark = (name: string, there: boolean) => { if (there) writeFileSync(join(store, name), ''); else rmSync(join(store, name), { force: true }); };
  return {
    folder, clear,
    define: (xml) => {
      const file = join(folder, 'by-hand.xml');
      writeFileSync(file, xml);
      virsh('define', file);
    },
    dump: (name) => {
      const names = join(store, 'domains');
      const found = existsSync(names) ? readdirSync(names).find((file) => file.endsWith('.name') && readFileSync(join(names, file), 'utf8') === `${name}\n`) : undefined;
      return found === undefined ? null : readFileSync(join(names, found.replace(/name$/, 'xml')), 'utf8');
    },
    network: (name) => {
      const file = join(store, 'networks', name);
      return existsSync(`${file}.xml`) ? { xml: readFileSync(`${file}.xml`, 'utf8'), active: existsSync(`${file}.active`), autostart: existsSync(`${file}.autostart`) } : null;
    },
    setSilent: (silent) => { mark('silent', silent); },
    setDnsmasqMissing: (missing) => { mark('dnsmasq-missing', missing); },
    calls: () => { appendFileSync(join(store, 'calls'), ''); return readFileSync(join(store, 'calls'), 'utf8').split('\n').slice(0, -1); },
    remove: () => { rmSync(folder, { recursive: true, force: true }); },
  };
}
