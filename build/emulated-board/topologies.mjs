/**
 * The boards one can start by name: an old PC chipset with AMD's processor, a PCI Express one with Intel's. QEMU's
 * translation tells Linux about SMT siblings in Intel's way only.
 */

/** @type {Record<string, import('./index.d.mts').Topology & { title: string }>} */
export const topologies = {
  'two-sockets': { title: '4 CPUs: 2 sockets × 2 cores, two NUMA nodes', machine: 'pc', vendor: 'amd', sockets: 2, coresPerSocket: 2, threadsPerCore: 1, memoryMiB: 2048 },
  'smt': { title: '4 CPUs: 1 socket × 2 cores × 2 threads, PCI Express', machine: 'q35', vendor: 'intel', sockets: 1, coresPerSocket: 2, threadsPerCore: 2, memoryMiB: 1536 },
};

export const defaultTopology = 'two-sockets';
