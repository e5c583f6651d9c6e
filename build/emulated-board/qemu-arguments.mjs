import { acceleratorOptions } from './accelerator.mjs';

/**
 * The whole command line of one board.
 * @param {import('./index.d.mts').Topology} topology
 * @param {{ disk: string, cloudImages: string | null, serialLog: string, qmpSocket: string, port: number, internet: boolean, watchdog: boolean, accelerator: 'kvm' | 'tcg' }} wiring
 *   `port` 0 lets the system choose a free one.
 */
export function qemuArguments(topology, wiring) {
  const { sockets, coresPerSocket, threadsPerCore, memoryMiB, machine } = topology;
  const cpusPerSocket = coresPerSocket * threadsPerCore;
  const nodes = Array.from({ length: sockets }, (_, node) => [
    '-object', `memory-backend-ram,id=mem${node},size=${Math.floor(memoryMiB / sockets)}M`,
    '-numa', `node,nodeid=${node},cpus=${node * cpusPerSocket}-${(node + 1) * cpusPerSocket - 1},memdev=mem${node}`,
  ]).flat();
  return [
    '-name', 'rtvm-bench-emulated-board', '-machine', machine, ...acceleratorOptions(wiring.accelerator, topology.vendor),
    '-smp', `${sockets * cpusPerSocket},sockets=${sockets},cores=${coresPerSocket},threads=${threadsPerCore}`,
    '-m', `${Math.floor(memoryMiB / sockets) * sockets}M`, ...nodes,
    '-smbios', 'type=1,manufacturer=RTVM Bench,product=Emulated board,serial=EMULATED-1', '-smbios', 'type=2,manufacturer=RTVM Bench,product=Emulated board',
    '-rtc', 'base=utc,clock=host', '-display', 'none', '-monitor', 'none', '-nodefaults',
    '-serial', `file:${wiring.serialLog}`, '-qmp', `unix:${wiring.qmpSocket},server=on,wait=off`,
    '-drive', `file=${wiring.disk},if=none,id=disk0,cache=writeback,discard=unmap`, '-device', 'virtio-blk-pci,drive=disk0',
    ...(wiring.cloudImages === null ? [] : ['-drive', `file=${wiring.cloudImages},if=none,id=disk1,format=raw,read-only=on`, '-device', 'virtio-blk-pci,drive=disk1']),
    '-netdev', `user,id=net0,restrict=${wiring.internet ? 'off' : 'on'},hostfwd=tcp:127.0.0.1:${wiring.port}-:22`, '-device', 'virtio-net-pci,netdev=net0,id=nic0',
    '-device', 'virtio-rng-pci',
    ...(wiring.watchdog ? ['-device', 'i6300esb', '-action', 'watchdog=reset'] : []),
  ];
}
