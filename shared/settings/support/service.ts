import type { GuideId } from '../../model/setting.ts';
import { lines, type BoardView, type Setting } from '../setting.ts';

export interface ServiceSpec {
  readonly id: string;
  /** systemd unit without `.service`. */
  readonly unit: string;
  readonly title: string;
  readonly why: string;
  readonly source: string;
  readonly guides: readonly GuideId[];
  /** What stops to work without it. */
  readonly price?: string;
}

/** A setting that asks for a service not to run, now and after the next start. */
export function quietService(spec: ServiceSpec): Setting {
  return {
    id: spec.id, layer: 'host runtime', title: spec.title, why: spec.why, source: spec.source, guides: spec.guides,
    assess: ({ snapshot }: BoardView) => {
      const service = snapshot.services.find(({ name }) => name === spec.unit || name === `${spec.unit}.service`);
      const active = service?.active ?? false;
      const enabled = service?.enabled === 'enabled';
      const states = { requested: 'off', written: service === undefined ? 'absent' : service.enabled, booted: null, effective: active ? 'running' : 'off' };
      const evidence = lines(service ? `${spec.unit}: ${active ? 'active' : 'inactive'}${service.enabled ? `, ${service.enabled}` : ''}` : null);
      if (snapshot.services.length === 0) return { status: 'unknown', stuckAt: null, states: { ...states, written: null, effective: null }, evidence, message: 'The services were not read.', fix: null };
      if (!active && !enabled) return { status: 'ok', stuckAt: null, states, evidence, message: 'It does not run.', fix: null };
      const fix = `systemctl disable --now ${spec.unit}${spec.price ? ` — ${spec.price}` : ''}`;
      return active
        ? { status: 'change', stuckAt: 'effective', states, evidence, message: 'It runs.', fix }
        : { status: 'change', stuckAt: 'written', states, evidence, message: 'It does not run now, but starts with the board.', fix };
    },
  };
}
