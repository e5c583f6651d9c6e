import { _electron, type ElectronApplication } from '@playwright/test';
import { electronProgram } from '../../../build/lib/electron-runtime.mjs';
import { projectRoot } from '../../../build/lib/project-root.mjs';

/** Why no Electron window can be opened here; null where one can. */
export function electronObstacle(): string | null {
  if (electronProgram() === null) return 'The Electron runtime is not installed here (npx install-electron fetches it).';
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'An Electron window needs a display (xvfb-run gives one).';
  return null;
}

export function launchElectron(home: string): Promise<ElectronApplication> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return _electron.launch({ executablePath: electronProgram() ?? '', args: [...sandbox, projectRoot], env: isolated(home) });
}

/** The environment of an application that finds nothing of this user's. */
export const isolated = (home: string): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  HOME: home, RTVM_BENCH_HOME: home,
});
