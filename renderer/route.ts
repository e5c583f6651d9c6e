export const stations = ['overview', 'firmware', 'cpu-map', 'kernel', 'runtime', 'changes', 'bench', 'results', 'connection', 'practice'] as const;
export type Station = (typeof stations)[number];

/** Where the window is. Lives in the address's hash, so that Back, reload and a bookmark work. */
export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'runs' }
  | { readonly kind: 'board'; readonly boardId: string; readonly station: Station; readonly runId: string | null };

/** `#/board/ID/results/RUN` → a route; anything else is home. */
export function parseRoute(hash: string): Route {
  const [head, boardId, name, runId] = hash.replace(/^#?\/?/, '').split('/').map(decode);
  if (head === 'runs') return { kind: 'runs' };
  if (head !== 'board' || boardId === undefined || boardId === '') return { kind: 'home' };
  const station = stations.find((candidate) => candidate === name) ?? 'overview';
  return { kind: 'board', boardId, station, runId: station === 'results' && runId !== undefined && runId !== '' ? runId : null };
}

export function formatRoute(route: Route): string {
  if (route.kind !== 'board') return route.kind === 'home' ? '#/' : '#/runs';
  const parts = ['board', route.boardId, route.station, ...(route.runId === null ? [] : [route.runId])];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
