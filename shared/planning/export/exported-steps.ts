import type { Action, Content, Generator, Plan, PlannedStep } from '../../model/plan.ts';
import type { PlanExport, Sha256 } from './export-result.ts';
import { fromBase64, utf8Bytes } from './utf8-bytes.ts';

/** What an exported file may meet at its path: this content, nothing at all, or whatever is there. */
export type ExpectedFile = { readonly kind: 'known'; readonly sha256: string } | { readonly kind: 'absent' } | { readonly kind: 'any' };

/** Folders whose files a generator reads. */
const inputs: Readonly<Record<Generator, RegExp>> = {
  'update-grub': /^\/etc\/default\/grub|^\/etc\/grub\.d\/|^\/boot\//,
  initramfs: /^\/etc\/(?:modprobe\.d|modules|modules-load\.d|initramfs-tools|dracut\.conf)/,
  'daemon-reload': /\/systemd\//,
  'udev-reload': /\/udev\//,
};

const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

const secretTexts: readonly RegExp[] = [
  /[a-z][a-z0-9+.-]*:\/\/[^\s/:@'"]*:[^\s/@'"]+@/i,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^\s*(?:password_pbkdf2|password)\s+\S/im,
  /(?:^|[\s_.-])(?:password|passwd|passphrase|secret|token)\s*[=:]\s*["']?[^\s"'$]/im,
  /\blogin\s+\S+\s+password\s+\S/i,
];

/** The bytes a file of this content has. */
export const bytesOf = (content: Content): Uint8Array => (content.encoding === 'utf8' ? utf8Bytes(content.data) : fromBase64(content.data));

/** Steps of a plan that can be told to any machine, and those that cannot, with the reason. */
export function exportedSteps(plan: Plan): { readonly steps: readonly PlannedStep[]; readonly leftOut: PlanExport['leftOut'] } {
  const reasons = plan.steps.map((step) => ({ step, why: whyLeftOut(step) }));
  return {
    steps: reasons.filter(({ why }) => why === null).map(({ step }) => step),
    leftOut: reasons.flatMap(({ step, why }) => (why === null ? [] : [{ step: step.number, title: step.title, why }])),
  };
}

function whyLeftOut({ action }: PlannedStep): string | null {
  if (action.kind === 'redfish') return 'It goes to the management controller of one machine and needs the name and password of that one. Apply the plan in RTVM Bench, machine by machine.';
  if (action.kind === 'domain') return 'The definition of a VM names devices, disks and CPUs of one machine, and is compared with what libvirt makes of it. Apply the plan in RTVM Bench, machine by machine.';
  if (action.kind === 'network') return 'A network of libvirt is compared with what libvirt makes of its definition. Apply the plan in RTVM Bench.';
  if (action.kind === 'schemata') return 'What the kernel makes of it has to be read back and judged. The service that goes with it sets it whenever it is started.';
  if (action.kind === 'file' && action.content?.encoding === 'utf8' && holdsSecret(action.content.data)) {
    return `The file ${action.path} seems to hold a password or a key, which is never written into a script. Apply the plan in RTVM Bench.`;
  }
  if (textsOf(action).some((text) => hidden.test(text))) return 'It names something with characters that cannot be seen in a text. Apply the plan in RTVM Bench.';
  if (action.kind === 'firmware-attribute' && /password|passwd|\bpin\b/i.test(action.attribute)) return 'A password of the firmware is never written into a script. Set it on the machine itself.';
  return null;
}

/** What of an action stands in a text as it is, file contents aside. */
function textsOf(action: Action): readonly string[] {
  if (action.kind === 'file') return [action.path];
  if (action.kind === 'value') return [action.path, action.value, ...action.readsAs];
  return action.kind === 'firmware-attribute' ? [action.value] : [];
}

/** Whether a file can be shown as text: every character is seen, and editors and YAML keep it as it is. */
export const isPlainText = (content: Content): boolean => content.encoding === 'utf8' && !hidden.test(content.data.replaceAll(/[\n\t]/g, ''));

/** Whether a text looks as if it held a password, a key or an address with a password in it. Rather once too often. */
export const holdsSecret = (text: string): boolean => secretTexts.some((pattern) => pattern.test(text));

/** What a file may be on another machine without the export replacing something nobody has looked at. */
export function expectedFile({ action, before }: PlannedStep, sha256: Sha256): ExpectedFile {
  if (action.kind !== 'file' || before.kind !== 'file') return { kind: 'any' };
  if (before.is === 'absent') return { kind: 'absent' };
  return before.content === null ? { kind: 'any' } : { kind: 'known', sha256: sha256(bytesOf(before.content)) };
}

/** Generators that have to run because the file at `path` was changed: those later in the plan that read it. */
export function generatorsAfter(steps: readonly PlannedStep[], step: PlannedStep): readonly Generator[] {
  const { action } = step;
  if (action.kind !== 'file') return [];
  return laterGenerators(steps, step).filter((generator) => inputs[generator].test(action.path));
}

/** Whether a generator's step depends on files of this plan. One that does not stands for itself. */
export const isFedByPlan = (steps: readonly PlannedStep[], generator: Generator): boolean =>
  steps.some((step) => step.action.kind === 'file' && generatorsAfter(steps, step).includes(generator));

function laterGenerators(steps: readonly PlannedStep[], step: PlannedStep): Generator[] {
  return steps.slice(steps.indexOf(step) + 1).flatMap(({ action }) => (action.kind === 'generate' ? [action.generator] : []));
}

/** What must be seen for the start that follows `step` to have happened already; null: no start follows. */
export function nextStart(steps: readonly PlannedStep[], step: PlannedStep): { readonly words: readonly string[]; readonly kernelRelease: string | null } | null {
  for (const { action } of steps.slice(steps.indexOf(step))) if (action.kind === 'restart') return action.expects;
  return null;
}

/** A text on one line, without characters that would hide or move what a reader sees. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** The remark above each step. */
export const remarksOf = (step: PlannedStep): string[] => [step.why, ...(step.caution === '' ? [] : [`Caution: ${step.caution}`])].map(oneLine).filter((line) => line !== '');

/** Packages as a package manager is told them; a kernel of the RHEL family is listed as `NAME=installed`. */
export const packageWords = (names: readonly string[]): string[] => names.map((name) => name.replace(/=installed$/, ''));

/** Permission bits as stat prints them: no leading zero. */
export const plainMode = (mode: string): string => Number.parseInt(mode, 8).toString(8);
