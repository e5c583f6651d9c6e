import type { Process } from '../processes/process.ts';
import type { MachineSpec } from './machine-spec.ts';

export interface Unit {
  readonly name: string;
  description: string;
  enabled: 'enabled' | 'disabled' | 'static' | 'masked';
  active: 'active' | 'inactive' | 'failed' | 'deactivating';
  sub: string;
  result: string;
  mainPid: number;
  exitCode: number;
  exitStatus: number;
  startedMs: number;
  endedMs: number;
  /** Made by systemd-run: forgotten once it has ended, unless it failed or is to remain. */
  readonly transient: boolean;
  readonly remainAfterExit: boolean;
  readonly collect: boolean;
  readonly invocationId: string;
  readonly command: string;
  main: Process | undefined;
}

/** The services systemd knows. */
export class Units {
  readonly #units = new Map<string, Unit>();

  constructor(spec: MachineSpec) {
    for (const service of spec.services) {
      this.add({
        name: `${service.name}.service`, description: service.description, enabled: service.enabled ? 'enabled' : 'disabled',
        transient: false, remainAfterExit: false, collect: false, invocationId: '', command: service.command ?? `/usr/sbin/${service.name}`,
      });
    }
  }

  add(unit: Pick<Unit, 'name' | 'description' | 'enabled' | 'transient' | 'remainAfterExit' | 'collect' | 'invocationId' | 'command'>): Unit {
    const added: Unit = { ...unit, active: 'inactive', sub: 'dead', result: 'success', mainPid: 0, exitCode: 0, exitStatus: 0, startedMs: 0, endedMs: 0, main: undefined };
    this.#units.set(unit.name, added);
    return added;
  }

  all(): Unit[] {
    return [...this.#units.values()];
  }

  /** Finds `ssh`, `ssh.service`. */
  find(name: string): Unit | undefined {
    return this.#units.get(/\.(service|scope|timer|socket|target)$/.test(name) ? name : `${name}.service`);
  }

  isActive(name: string): boolean {
    return this.find(name)?.active === 'active';
  }

  forget(unit: Unit): void {
    if (this.#units.get(unit.name) === unit) this.#units.delete(unit.name);
  }
}
