import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../../parsers/capture.ts';

/** A column of the table: processor models of family 6 (Linux arch/x86/include/asm/intel-family.h), or how their names read. */
interface Platform { readonly code: string; readonly title: string; readonly models: readonly number[]; readonly name: RegExp }

const platforms: readonly Platform[] = [
  { code: 'MTL', title: 'Series 1 Core™ Ultra (MTL) Meteor Lake', models: [170, 172], name: /Core\(TM\) Ultra [3579] 1\d\d/ },
  // The same silicon as Alder Lake-N (190), which the table does not list: only the name tells them apart.
  { code: 'ASL', title: '7000 Series Intel Atom® (ASL) Amston Lake', models: [], name: /Atom.*x7\d{3}(?:RE|C)\b/ },
  { code: 'RPL', title: '14th & 13th Gen Core™ (RPL) Raptor Lake', models: [183, 186, 191], name: /1[34]th Gen Intel\(R\) Core/ },
  { code: 'ADL', title: '12th Gen Core™ (ADL) Alder Lake', models: [151, 154], name: /12th Gen Intel\(R\) Core/ },
  { code: 'ICL-D', title: 'Xeon® D-1700 (ICL-D) Ice Lake D', models: [108], name: /Xeon\(R\) D-17\d\d/ },
  { code: 'EHL', title: '6000E Series Intel Atom® (EHL) Elkhart Lake', models: [150], name: /Atom.*x6\d{3}F?(?:E|RE)\b/ },
  { code: 'TGL', title: '11th Gen Core™ (TGL) Tiger Lake', models: [140, 141], name: /11th Gen Intel\(R\) Core.*-11\d{2,3}(?:G|H|U|RE|MRE)/ },
];

interface Release { readonly id: string; readonly version: string; readonly title: string }

const releases: readonly Release[] = [
  { id: 'debian', version: '12', title: 'Debian 12 (Bookworm)' },
  { id: 'debian', version: '11', title: 'Debian 11 (Bullseye)' },
  { id: 'ubuntu', version: '24.04', title: 'Ubuntu 24.04 (Noble Numbat)' },
  { id: 'ubuntu', version: '22.04', title: 'Ubuntu 22.04 (Jammy Jellyfish)' },
  { id: 'rhel', version: '9.3', title: 'Red Hat Enterprise Linux 9.3 (Plow)' },
];

/** The table's own columns and rows, for showing it whole. */
export const platformTable = { platforms: platforms.map(({ code, title }) => ({ code, title })), distributions: releases.map(({ title }) => title) } as const;

export interface PlatformSupport {
  /** `listed`: platform and distribution both stand in the table. */
  readonly verdict: 'listed' | 'platform-not-listed' | 'distribution-not-listed' | 'neither-listed' | 'unknown';
  /** Column and row of this board; null where it has none. */
  readonly platform: string | null;
  readonly distribution: string | null;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly source: string;
}

/** Where a board stands in the table of supported distributions and platforms. What is not listed may work; nobody vouches for it. */
export function platformSupport({ cpus, distribution, virtualisation }: Pick<Snapshot, 'cpus' | 'distribution' | 'virtualisation'>, capture: Capture): PlatformSupport {
  const platform = platformOf(cpus, capture);
  const release = releases.find(({ id, version }) => id === distribution.id && version === distribution.versionId);
  const sameFamily = releases.filter(({ id }) => id === distribution.id);
  const evidence = [`/proc/cpuinfo: model name: ${cpus.model ?? 'unknown'}`, `/etc/os-release: ${distribution.name ?? `${distribution.id ?? 'unknown'} ${distribution.versionId ?? ''}`}`];
  const answer = { platform: platform?.title ?? null, distribution: release?.title ?? null, evidence, source: 'Intel ECI guide, Prepare System: supported distributions and platforms' };
  if (virtualisation.kind === 'vm') return { ...answer, verdict: 'unknown', message: 'In a virtual machine the processor’s name is the hypervisor’s. Check the host.' };
  if (cpus.model === null || distribution.id === null) return { ...answer, verdict: 'unknown', message: 'Processor or distribution was not read.' };
  const cpu = platform ? `${platform.title} is listed` : `this processor (${cpus.model}) is not listed`;
  const system = release ? `${release.title} is listed` : sameFamily.length > 0
    ? `this version (${distribution.versionId ?? 'unknown'}) is not listed; ${sameFamily.map(({ title }) => title).join(' and ')} ${sameFamily.length > 1 ? 'are' : 'is'}`
    : `this distribution (${distribution.name ?? distribution.id}) is not listed`;
  const message = `Intel’s table of platforms and distributions: ${cpu}; ${system}.${platform && release ? ' Whether this very pair is ticked stands in the guide itself.' : ' It may work all the same; nobody vouches for it.'}`;
  const verdict = platform ? (release ? 'listed' : 'distribution-not-listed') : release ? 'platform-not-listed' : 'neither-listed';
  return { ...answer, verdict, message };
}

function platformOf({ model, vendor }: Pick<Snapshot['cpus'], 'model' | 'vendor'>, capture: Capture): Platform | undefined {
  if (vendor !== null && vendor !== 'GenuineIntel') return undefined;
  const number = (field: string) => Number(capture.lines('/proc/cpuinfo')?.map((line) => line.split(':')).find(([name]) => name?.trim() === field)?.[1]?.trim() ?? Number.NaN);
  const byNumber = number('cpu family') === 6 ? platforms.find(({ models }) => models.includes(number('model'))) : undefined;
  return byNumber ?? platforms.find(({ name }) => name.test(model ?? ''));
}
