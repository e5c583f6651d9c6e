import type { PretendLinux } from './pretend-linux.ts';

/** Huge pages of a size (2048 or 1048576 KiB) on a node, spread evenly over the nodes as the kernel does; all of them without one. */
export function hugePagesOf(linux: PretendLinux, sizeKib: number, node?: number): number {
  const total = sizeKib === 1_048_576 ? linux.giantPages : Number(linux.sysctls.get('vm.nr_hugepages') ?? '0');
  if (node === undefined) return total;
  const { nodes } = linux.spec;
  const index = nodes.findIndex(({ id }) => id === node);
  return index < 0 ? 0 : Math.floor(total / nodes.length) + (index < total % nodes.length ? 1 : 0);
}

/** Pages that `hugepagesz=` and `hugepages=` of a command line set aside; a number counts for the size before it. */
export function hugePagesAsked(commandLine: string): { readonly small?: number; readonly giant: number } {
  let size = /(?:^| )default_hugepagesz=1G(?: |$)/.test(commandLine) ? '1G' : '2M';
  const asked = new Map<string, number>();
  for (const [, key, value = ''] of commandLine.matchAll(/(?:^| )(hugepagesz|hugepages)=(\S+)/g)) {
    if (key === 'hugepagesz') size = value;
    else if (/^\d+$/.test(value)) asked.set(size, Number(value));
  }
  const small = asked.get('2M');
  return { ...(small === undefined ? {} : { small }), giant: asked.get('1G') ?? 0 };
}

/** Where hugetlbfs is mounted: systemd does so for the default size, others are mounted by hand. */
export function hugePageMounts(linux: PretendLinux): { readonly path: string; readonly sizeKib: number }[] {
  const added = [...linux.mounts].flatMap((one) => {
    const [kind, size = '', path = ''] = one.split(' ');
    return kind === 'hugetlbfs' ? [{ path, sizeKib: Number(size) }] : [];
  });
  return [{ path: '/dev/hugepages', sizeKib: linux.defaultHugePageKib }, ...added];
}
