/**
 * @typedef {{ wanted: 'electron' | 'browser' | 'none' | undefined, platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, userId: number | undefined }} Surroundings
 * @typedef {{ host: 'electron' } | { host: 'browser-window', openWindow: boolean, note: string | undefined }} Decision
 */

/**
 * Which host opens the application, and why when it is not the first choice. The runtime is fetched only where a
 * window could show it.
 * @param {Surroundings} surroundings
 * @param {() => Promise<string | null>} fetchRuntime null when the runtime is there, else the reason why not
 * @returns {Promise<Decision>}
 */
export async function decideHost(surroundings, fetchRuntime) {
  const { wanted } = surroundings;
  if (wanted === 'none') return { host: 'browser-window', openWindow: false, note: undefined };
  if (wanted === 'browser') return { host: 'browser-window', openWindow: true, note: '--host browser was given' };
  const obstacle = electronObstacle(surroundings) ?? (await fetchRuntime());
  return obstacle === null ? { host: 'electron' } : { host: 'browser-window', openWindow: true, note: obstacle };
}

/**
 * @param {Surroundings} surroundings
 * @returns {string | null}
 */
function electronObstacle({ platform, environment, userId }) {
  if (platform !== 'linux') return null;
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return 'an Electron window needs a display';
  return userId === 0 ? 'Electron keeps its sandbox only where it is not started as root' : null;
}
