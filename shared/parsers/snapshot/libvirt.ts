import type { Snapshot } from '../../model/snapshot.ts';
import { parseCpuset } from '../../planning/vm/cpuset.ts';
import type { Capture } from '../capture.ts';
import { toldBy } from './probe-version.ts';
import { naturalNumber } from './read.ts';

type Libvirt = NonNullable<Snapshot['libvirt']>;
type Definition = Libvirt['definitions'][number];

const etc = '/etc/libvirt/qemu';
const run = '/run/libvirt';

/** libvirt as its files show it: units, sockets, networks and what its VMs are given. Undefined where the probe did not look. */
export function libvirtOf(capture: Capture): Libvirt | undefined {
  if (!toldBy(capture, 2)) return undefined;
  const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const unitFiles = capture.names(/^\/(?:usr\/)?lib\/systemd\/system\/(?:libvirtd|virt[a-z]+d)(?:-[a-z]+)?\.(?:service|socket)$/).map(last);
  return {
    units: [...new Set(unitFiles)].sort(),
    sockets: capture.names(/^\/run\/libvirt\/[^/]+-sock$/).map(last).sort(),
    networks: networksOf(capture),
    definitions: [...definitionsIn(capture, etc, false), ...definitionsIn(capture, `${run}/qemu`, true)],
    osDatabase: [...['/etc/osinfo/VERSION', '/usr/share/osinfo/VERSION'].flatMap((path) => capture.value(path) ?? [])].sort().at(-1) ?? null,
  };
}

/** A folder that the reader may not list tells nothing: then what would stand there is null. */
const seen = (capture: Capture, folder: string, found: boolean): boolean | null =>
  (found ? true : capture.refused.some(({ path }) => path === folder) ? null : false);

function networksOf(capture: Capture): Libvirt['networks'] {
  const files = capture.names(/^\/etc\/libvirt\/qemu\/networks\/[^/]+\.xml$/);
  const active = capture.names(/^\/run\/libvirt\/network\/[^/]+\.xml$/);
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1, -'.xml'.length);
  return [...new Set([...files, ...active].map(nameOf))].sort().map((name) => {
    const bridge = /<bridge\b[^>]*\bname=['"]([^'"]{1,15})['"]/.exec((capture.lines(`${etc}/networks/${name}.xml`) ?? []).join('\n'))?.[1] ?? null;
    const up = active.some((path) => nameOf(path) === name) || (bridge !== null && capture.exists(`/sys/class/net/${bridge}/operstate`));
    return {
      name, bridge, defined: files.some((path) => nameOf(path) === name),
      active: seen(capture, `${run}/network`, up),
      autostart: seen(capture, `${etc}/networks`, capture.exists(`${etc}/networks/autostart/${name}.xml`)),
    };
  });
}

/** Of every definition the lines of names, CPUs and memory were read. Source: libvirt, Domain XML format, as libvirt writes it: one element a line. */
function definitionsIn(capture: Capture, folder: string, running: boolean): Definition[] {
  return capture.paths(/^\/(?:etc|run)\/libvirt\/qemu\/[^/]+\.xml$/).filter((path) => path.startsWith(`${folder}/`)).flatMap((path): Definition[] => {
    const lines = capture.lines(path) ?? [];
    const name = firstMatch(lines, /^\s*<name>([^<]{1,255})<\/name>/)?.[1];
    if (name === undefined) return [];
    const memory = firstMatch(lines, /^\s*<memory(?: unit=['"]([A-Za-z]{1,5})['"])?>(\d{1,15})<\/memory>/);
    return [{
      name: textOf(name), running, evidence: path,
      autostart: capture.exists(`${etc}/autostart/${path.slice(path.lastIndexOf('/') + 1)}`),
      vcpus: naturalNumber(firstMatch(lines, /^\s*<vcpu\b[^>]*>(\d{1,6})<\/vcpu>/)?.[1]),
      pins: lines.flatMap((line) => {
        const vcpu = naturalNumber(/^\s*<vcpupin\b[^>]*\bvcpu=['"](\d{1,6})['"]/.exec(line)?.[1]);
        const cpus = parseCpuset(/\bcpuset=['"]([^'"]*)['"]/.exec(line)?.[1]);
        return vcpu === null || cpus === null ? [] : [{ vcpu, cpus }];
      }),
      memoryBytes: memory === undefined ? null : Number(memory[2]) * (unitBytes[memory[1] ?? 'KiB'] ?? 1024),
      hugepages: lines.some((line) => /^\s*<hugepages\b/.test(line)),
    }];
  });
}

/** libvirt always writes KiB; a file written by hand may have others until it is defined again. */
const unitBytes: Readonly<Record<string, number>> = { b: 1, bytes: 1, KB: 1000, k: 1024, KiB: 1024, MB: 1_000_000, M: 2 ** 20, MiB: 2 ** 20, GB: 1e9, G: 2 ** 30, GiB: 2 ** 30, T: 2 ** 40, TiB: 2 ** 40 };

function firstMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return undefined;
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" };
const textOf = (xml: string) => xml.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => entities[entity] ?? entity);
