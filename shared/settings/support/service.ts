import type { GuideId } from '../../model/setting.ts';
import { lines, noStates, noVerdicts, verdictOf, type BoardView, type ChangeOffer, type Setting } from '../setting.ts';
import { withoutSystemd } from './init-system.ts';
import { unitStep } from './steps.ts';

export interface ServiceSpec {
  readonly id: string;
  /** systemd unit without `.service`; or a timer, with `.timer`, which shows only whether it starts with the board. */
  readonly unit: string;
  /** Units that would start it again. */
  readonly startedBy?: readonly string[];
  readonly title: string;
  readonly why: string;
  readonly source: string;
  readonly guides: readonly GuideId[];
  /** What stops to work without it. */
  readonly price?: string;
  readonly choice?: string;
}

/** A setting that asks for a service not to run, now and after the next start. */
export function quietService(spec: ServiceSpec): Setting {
  const isTimer = spec.unit.endsWith('.timer');
  const off = `systemctl disable --now ${spec.unit}${spec.price ? ` — ${spec.price}` : ''}`;
  return {
    id: spec.id, layer: 'host runtime', title: spec.title, why: spec.why, source: spec.source, guides: spec.guides,
    ...(spec.choice === undefined ? {} : { choice: spec.choice }),
    assess: (board) => {
      const { services } = board.snapshot;
      if (services.length === 0) return { status: 'unknown', stuckAt: null, states: { ...noStates, requested: 'off' }, verdicts: { ...noVerdicts, written: 'unknown', effective: 'unknown' }, evidence: [], message: 'The services were not read.', fix: null };
      const { active, enabled } = stateOf(spec.unit, board);
      const found = {
        states: { requested: 'off', written: enabled ? 'enabled' : 'absent', booted: null, effective: isTimer ? null : active ? 'running' : 'off' },
        verdicts: { ...noVerdicts, written: verdictOf(!enabled), ...(isTimer ? {} : { effective: verdictOf(!active) }) },
        evidence: lines(active || enabled ? `${spec.unit}: ${[...(isTimer ? [] : [active ? 'active' : 'inactive']), ...(enabled ? ['enabled'] : [])].join(', ')}` : null),
      };
      if (!active && !enabled) return { ...found, status: 'ok', stuckAt: null, message: isTimer ? 'It does not start with the board.' : 'It does not run.', fix: null };
      if (isTimer) return { ...found, status: 'change', stuckAt: 'written', message: 'It starts with the board and then runs at hours of its own.', fix: off };
      return active
        ? { ...found, status: 'change', stuckAt: 'effective', message: 'It runs.', fix: off }
        : { ...found, status: 'change', stuckAt: 'written', message: 'It does not run now, but starts with the board.', fix: off };
    },
    change: (board) => offChange(spec, board),
  };
}

function offChange({ id, unit, startedBy = [], why, price }: ServiceSpec, board: BoardView): ChangeOffer {
  const refused = withoutSystemd(board);
  if (refused) return refused;
  const words = { id, why, ...(price === undefined ? {} : { caution: `${price.charAt(0).toUpperCase()}${price.slice(1)}.` }) };
  const starters = startedBy.filter((name) => stateOf(name, board).enabled);
  return { steps: [...starters, unit].map((name) => unitStep(words, withKind(name), false)), restart: 'none' };
}

function stateOf(unit: string, { snapshot }: BoardView): { active: boolean; enabled: boolean } {
  const service = snapshot.services.find(({ name }) => name === unit || name === `${unit}.service`);
  return { active: service?.active ?? false, enabled: service?.enabled === 'enabled' };
}

const withKind = (unit: string) => (/\.(?:timer|socket|path)$/.test(unit) ? unit : `${unit}.service`);

/** Whether a service is at work now. */
export const runs = (board: BoardView, unit: string): boolean => stateOf(unit, board).active;
