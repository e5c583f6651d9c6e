import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { Launcher } from 'chrome-launcher';

/** A browser that can show one page as an app window, or why there is none to use. */
export type FoundBrowser =
  | { readonly kind: 'found'; readonly path: string; readonly name: string }
  | { readonly kind: 'none'; readonly reason: string };

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** undefined on Windows. */
  readonly userId: number | undefined;
  exists(path: string): boolean;
  /** Chrome and Chromium as chrome-launcher finds them; it throws where there is none. */
  installedChromes(): readonly string[];
}

/** Finds Chrome, Chromium or Edge, best first. Where a window cannot show, the reason comes instead. */
export function findBrowser(surroundings: Surroundings = thisMachine()): FoundBrowser {
  const { platform, environment } = surroundings;
  if (platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return none('there is no display here');
  if (platform === 'linux' && surroundings.userId === 0) return none('a browser keeps its sandbox only where it is not started as root');
  return installedBrowser(surroundings);
}

/** The same for work that shows no window. */
export function installedBrowser(surroundings: Surroundings = thisMachine()): FoundBrowser {
  const path = [...chromes(surroundings), ...edgePaths(surroundings).filter((candidate) => surroundings.exists(candidate))][0];
  return path === undefined ? none('no Chrome, Chromium or Edge was found') : { kind: 'found', path, name: browserName(path) };
}

const none = (reason: string): FoundBrowser => ({ kind: 'none', reason });

function chromes(surroundings: Surroundings): readonly string[] {
  try {
    return surroundings.installedChromes();
  } catch {
    return [];
  }
}

/** Edge understands the same flags as Chrome; chrome-launcher does not look for it. */
function edgePaths({ platform, environment }: Surroundings): string[] {
  if (platform === 'darwin') return ['/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
  if (platform === 'win32') {
    const roots = [environment['ProgramFiles(x86)'], environment['ProgramFiles'], environment['LOCALAPPDATA']];
    return roots.flatMap((root) => (root ? [join(root, 'Microsoft', 'Edge', 'Application', 'msedge.exe')] : []));
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => ['microsoft-edge-stable', 'microsoft-edge'].map((name) => join(folder, name)));
}

/** Whether a browser comes from a snap, which sees neither hidden folders of the home nor the system's /tmp. */
export async function isSnap(browserPath: string): Promise<boolean> {
  if (browserPath.startsWith('/snap/')) return true;
  const isScript = /\/chromium(-browser)?$/.test(browserPath);
  return isScript && (await readFile(browserPath, 'latin1').catch(() => '')).slice(0, 4_000).includes('/snap/bin/');
}

function browserName(path: string): string {
  const name = basename(path).toLowerCase();
  if (name.includes('edge')) return 'Edge';
  return name.includes('chromium') ? 'Chromium' : 'Chrome';
}

const thisMachine = (): Surroundings => ({
  platform: process.platform,
  environment: process.env,
  userId: process.getuid?.(),
  exists: existsSync,
  installedChromes: () => Launcher.getInstallations(),
});
