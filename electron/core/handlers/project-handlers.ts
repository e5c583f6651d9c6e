import { probeVersion } from '../probe/probe.ts';
import type { CoreParts } from '../create-core.ts';
import type { HandlerGroup } from './handler-group.ts';

export function projectHandlers({ hostKind, version, project, recent }: CoreParts): HandlerGroup<'app' | 'project'> {
  return {
    'app.info': async () => ({ version, host: hostKind, node: process.versions.node, platform: process.platform, probeVersion }),
    'project.current': async () => ({ info: await project.info(), recent: await recent.list() }),
    'project.open': async ({ directory }) => {
      const info = await project.open(directory);
      await recent.add(info.directory);
      return info;
    },
    'project.create': async ({ directory, name }) => {
      const info = await project.create(directory, name);
      await recent.add(info.directory);
      return info;
    },
  };
}
