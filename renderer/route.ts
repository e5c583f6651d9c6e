export const stations = ['overview', 'firmware', 'cpu-map', 'kernel', 'runtime', 'vms', 'changes', 'bench', 'results', 'connection', 'practice'] as const;
export type Station = (typeof stations)[number];

export const vmTabs = ['map', 'checks', 'definition', 'console', 'guest'] as const;
export type VmTab = (typeof vmTabs)[number];

/** Where on the station VMs: its list, one VM, the way from nothing to a tuned VM (of a VM that is there, or of none yet), or the cache. */
export type VmsPlace =
  | { readonly page: 'list' }
  | { readonly page: 'cache' }
  | { readonly page: 'new'; readonly name: string | null }
  | { readonly page: 'vm'; readonly name: string; readonly tab: VmTab };

/** Where the window is. Lives in the address's hash, so that Back, reload and a bookmark work. */
export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'runs' }
  /** Runs chosen for comparison, side by side; a side is one run or its repeats. */
  | { readonly kind: 'compare'; readonly sides: readonly (readonly string[])[] }
  | { readonly kind: 'reports' }
  /** The list of campaigns, a new one, or one of them. */
  | { readonly kind: 'campaigns'; readonly page: 'list' | 'new' | 'show'; readonly campaignId: string | null }
  | { readonly kind: 'board'; readonly boardId: string; readonly station: Station; readonly runId: string | null; readonly vms?: VmsPlace };

/** `#/board/ID/results/RUN`, `#/board/ID/vms/vm/NAME/checks` → a route; anything else is home. */
export function parseRoute(hash: string): Route {
  const [head, boardId, name, runId, ...rest] = hash.replace(/^#?\/?/, '').split('/').map(decode);
  if (head === 'runs' || head === 'reports') return { kind: head };
  if (head === 'compare') return { kind: 'compare', sides: [boardId, name, runId, ...rest].map((side) => (side ?? '').split(',').filter((id) => id !== '')).filter((side) => side.length > 0) };
  if (head === 'campaigns') return boardId === 'new' ? { kind: head, page: 'new', campaignId: null } : boardId === 'show' && name !== undefined && name !== '' ? { kind: head, page: 'show', campaignId: name } : { kind: head, page: 'list', campaignId: null };
  if (head !== 'board' || boardId === undefined || boardId === '') return { kind: 'home' };
  const station = stations.find((candidate) => candidate === name) ?? 'overview';
  if (station === 'vms') return { kind: 'board', boardId, station, runId: null, vms: vmsPlaceOf(runId, rest) };
  return { kind: 'board', boardId, station, runId: station === 'results' && runId !== undefined && runId !== '' ? runId : null };
}

export function formatRoute(route: Route): string {
  if (route.kind === 'compare') return `#/${['compare', ...route.sides.map((side) => side.map(encodeURIComponent).join(','))].join('/')}`;
  if (route.kind === 'campaigns') return `#/${['campaigns', ...(route.page === 'list' ? [] : [route.page]), ...(route.campaignId === null ? [] : [encodeURIComponent(route.campaignId)])].join('/')}`;
  if (route.kind !== 'board') return route.kind === 'home' ? '#/' : `#/${route.kind}`;
  const parts = ['board', route.boardId, route.station, ...(route.runId === null ? [] : [route.runId]), ...vmsParts(route.vms)];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

function vmsPlaceOf(page: string | undefined, [name, tab]: readonly string[]): VmsPlace {
  if (page === 'cache') return { page };
  if (page === 'new') return { page, name: name === undefined || name === '' ? null : name };
  if (page !== 'vm' || name === undefined || name === '') return { page: 'list' };
  return { page, name, tab: vmTabs.find((known) => known === tab) ?? 'map' };
}

function vmsParts(place: VmsPlace | undefined): string[] {
  switch (place?.page) {
    case 'cache': return [place.page];
    case 'new': return [place.page, ...(place.name === null ? [] : [place.name])];
    case 'vm': return [place.page, place.name, place.tab];
    case 'list': case undefined: return [];
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
