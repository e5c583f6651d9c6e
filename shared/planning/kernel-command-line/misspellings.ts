/** Names people write, and what the kernel calls it. A null name: nothing replaces it, see the message. */
export interface Misspelling {
  readonly right: string | null;
  readonly message: string;
}

const unknown = (right: string): Misspelling => ({ right, message: `The kernel does not know this name; it is ${right}.` });

export const misspellings: Readonly<Record<string, Misspelling>> = {
  rcu_nocbs_poll: { right: 'rcu_nocb_poll', message: 'Taken without a word as a bare rcu_nocbs: nothing polls. It is rcu_nocb_poll.' },
  rcu_nocb: unknown('rcu_nocbs'),
  rcu_no_cbs: unknown('rcu_nocbs'),
  nohzfull: unknown('nohz_full'),
  no_hz_full: unknown('nohz_full'),
  nohz_full_cpus: unknown('nohz_full'),
  isolcpu: unknown('isolcpus'),
  isol_cpus: unknown('isolcpus'),
  isolated_cpus: unknown('isolcpus'),
  Isolcpus: { right: 'isolcpus', message: 'The kernel does not know this name: capital letters count.' },
  irq_affinity: unknown('irqaffinity'),
  irqaffinities: unknown('irqaffinity'),
  default_hugepagesize: unknown('default_hugepagesz'),
  hugepagesize: unknown('hugepagesz'),
  hugepage: unknown('hugepages'),
  transparent_hugepages: unknown('transparent_hugepage'),
  mitigation: unknown('mitigations'),
  cpuidle_off: unknown('cpuidle.off'),
  intel_idle_max_cstate: unknown('intel_idle.max_cstate'),
  processor_max_cstate: unknown('processor.max_cstate'),
  noht: { right: 'nosmt', message: 'The kernel has not known this for long and hands it to init; hyper-threading stays on. It is nosmt, or turn it off in the firmware.' },
  'intel.max_cstate': { right: 'intel_idle.max_cstate', message: 'There is no module “intel”: a dotted name that does not exist is never reported. It is intel_idle.max_cstate.' },
  'processor_idle.max_cstate': { right: 'processor.max_cstate', message: 'There is no module “processor_idle”: a dotted name that does not exist is never reported. It is processor.max_cstate.' },
  kthread_cpus: { right: null, message: 'This exists in no mainline kernel (it was a proposal): nothing happens. Kernel threads are kept away by nohz_full or isolcpus.' },
  'i915.enable_rc6': { right: null, message: 'The driver lost this parameter years ago: it is ignored without a word. RC6 (render standby) is a setting of the firmware.' },
  'igb.blacklist': { right: null, message: 'The igb driver has no such parameter: it is ignored without a word.' },
};
