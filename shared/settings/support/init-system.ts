import type { BoardView, ChangeOffer } from '../setting.ts';

/** Files of systemd are read by systemd only: what is refused elsewhere; null where it runs, or where nothing tells. */
export function withoutSystemd({ snapshot }: BoardView): Extract<ChangeOffer, { refused: string }> | null {
  const { initSystem } = snapshot.kernel;
  if (initSystem === null || initSystem === 'systemd') return null;
  return { refused: `This board is started by ${initSystem}, not by systemd.`, next: 'Do it in its own start scripts (OpenRC: /etc/local.d).' };
}
