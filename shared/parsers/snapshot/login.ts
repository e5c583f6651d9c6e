import type { Snapshot } from '../../model/snapshot.ts';
import type { Capture } from '../capture.ts';
import { toldBy } from './probe-version.ts';
import { naturalNumber } from './read.ts';

type Login = NonNullable<Snapshot['login']>;

/** Who logged in to read the board, and the groups that log-in was given. Undefined where the probe did not look. */
export function loginOf(capture: Capture): Login | undefined {
  const lines = capture.section('session');
  const value = (key: string) => lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1).trim();
  const uid = naturalNumber(value('uid'));
  if (!toldBy(capture, 2) || uid === null) return undefined;
  const groups = (value('groups') ?? '').split(/\s+/).flatMap((word) => naturalNumber(word) ?? []);
  return { user: value('user') || null, uid, groups: groups.length === 0 ? null : groups };
}

/** A line of /etc/group; null: there is no such group, or it was not read. Source: group(5). */
export function groupOf(capture: Capture, name: string): { readonly gid: number; readonly members: readonly string[]; readonly evidence: string } | null {
  const line = capture.lines('/etc/group')?.find((candidate) => candidate.startsWith(`${name}:`));
  const [, , number, members = ''] = line?.split(':') ?? [];
  const gid = naturalNumber(number);
  return line === undefined || gid === null ? null : { gid, members: members.split(',').filter((member) => member !== ''), evidence: `/etc/group: ${line}` };
}
