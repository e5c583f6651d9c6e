import type { GuideId, Layer, SettingReport } from '../../../shared/model/setting.ts';

export interface StatusWords { readonly tone: 'good' | 'warn' | 'bad' | 'info'; readonly text: string }

const stuckWords = { written: { tone: 'bad', text: 'not written' }, booted: { tone: 'warn', text: 'waits for a restart' }, effective: { tone: 'bad', text: 'not effective' } } as const;

/** The judgement of a setting in two words; a change says where it is stuck. */
export function statusWords({ status, stuckAt }: Pick<SettingReport, 'status' | 'stuckAt'>): StatusWords {
  switch (status) {
    case 'ok': return { tone: 'good', text: 'ok' };
    case 'change': return stuckAt === null ? { tone: 'warn', text: 'change' } : stuckWords[stuckAt];
    case 'blocked': return { tone: 'bad', text: 'blocked' };
    case 'manual': return { tone: 'info', text: 'look yourself' };
    case 'unknown': return { tone: 'info', text: 'unknown' };
    case 'not-applicable': return { tone: 'info', text: 'not asked for here' };
  }
}

export const guideWords: Readonly<Record<GuideId, string>> = {
  firmware: 'Firmware', 'kvm-host': 'KVM host', 'kvm-guest': 'KVM guest', 'bare-metal': 'Bare metal', 'acrn-service-vm': 'ACRN Service VM', 'acrn-rtvm': 'ACRN real-time VM',
};

export const layerWords: Readonly<Record<Layer, string>> = {
  firmware: 'Firmware', 'host kernel': 'Kernel', 'host runtime': 'Runtime', cache: 'Cache', hypervisor: 'Hypervisor',
  'guest kernel': 'Kernel of the guest', 'guest runtime': 'Runtime of the guest', application: 'Application',
};
