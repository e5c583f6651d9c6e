import type { Content, ProposedStep } from '../../model/plan.ts';

/** Where Intel publishes the key of the ECI repository. */
export const eciKeyAddress = 'https://eci.intel.com/repos/gpg-keys/GPG-PUB-KEY-INTEL-ECI.gpg';

const keyring = '/usr/share/keyrings/eci-archive-keyring.gpg';

/** OpenPGP's first packet of a public key, binary or in armour. */
export function isPublicKey({ encoding, data }: Content): boolean {
  if (encoding === 'utf8') return data.trimStart().startsWith('-----BEGIN PGP PUBLIC KEY BLOCK-----');
  return /^(?:mQ|mI|mD|xs|xo|xj|LS0tLS1CRUdJTiBQR1AgUFVCTElD)/.test(data);
}

/**
 * Key, source and pin of the ECI repository. `codename`: of the release, as in os-release. The keyring is APT's binary
 * form or, as a `.asc` file, armour. Source: Intel ECI guide, Host Configuration: Package Repository.
 */
export function eciSourceSteps(codename: string, key: Content): ProposedStep[] {
  const armoured = key.encoding === 'utf8' || key.data.startsWith('LS0tLS1');
  const path = armoured ? keyring.replace(/\.gpg$/, '.asc') : keyring;
  const source = `[signed-by=${path}] https://eci.intel.com/repos/${codename} isar main`;
  const file = (title: string, why: string, target: string, content: Content, caution = ''): ProposedStep =>
    ({ title, why, settings: ['kernel.realtime'], risk: 'security', caution, action: { kind: 'file', path: target, content, mode: '644' } });
  return [
    file('Add the key of Intel’s ECI repository', 'APT accepts packages of that source only when they are signed with it.', path, key, 'Compare its fingerprint with the one Intel publishes before you confirm (gpg --show-keys).'),
    file('Add Intel’s ECI repository', 'It has the linux-intel-rt kernel and its settings.', '/etc/apt/sources.list.d/eci.list', { encoding: 'utf8', data: `deb ${source}\ndeb-src ${source}\n` }),
    file('Prefer packages of that repository', 'The ECI guide gives it priority over the others.', '/etc/apt/preferences.d/isar', { encoding: 'utf8', data: 'Package: *\nPin: origin eci.intel.com\nPin-Priority: 1000\n' }, 'With this priority, packages that are installed already may be replaced by ECI’s, older ones too, at the next upgrade.'),
  ];
}
