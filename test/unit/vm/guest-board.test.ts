import { describe, expect, it } from 'vitest';
import { guestBoard } from '../../../electron/core/vms/guest-board.ts';
import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board, Hop } from '../../../shared/model/board.ts';
import { hostWith, vmOf } from './host-kit.ts';

const hop = (address: string): Hop => ({ address, port: 22, user: 'root', login: { method: 'agent' } });
const host: Board = { schema: 1, id: 'bench', name: 'Bench', role: 'host', notes: '', hostKeys: [], addedAt: '20261121T101500Z', reach: { kind: 'ssh', target: hop('10.0.0.2'), jumps: [hop('gateway')] } };
const vm = vmOf(hostWith());
const login = { user: 'eci', login: { method: 'password' as const } };
const make = (changes: Partial<Parameters<typeof guestBoard>[0]> = {}) => guestBoard({ host, vm, name: 'rt', boards: [host], ...login, ...changes });

describe('a VM as a board', () => {
  it('is reached at its address through its host and what leads there', () => {
    expect(make()).toMatchObject({ id: 'rt', name: 'rt', role: 'guest', hostKeys: [], reach: { kind: 'ssh', target: { address: '192.168.122.31', port: 22, ...login }, jumps: [hop('gateway'), hop('10.0.0.2')] } });
  });

  it('has a name of its own beside a board of the same', () => {
    expect(make({ boards: [host, { ...host, id: 'rt', name: 'rt' }] })).toMatchObject({ id: 'rt-2', name: 'rt on Bench' });
  });

  it.each([
    ['of a practice board', { host: { ...host, reach: { kind: 'practice' as const, machine: 'server' } } }, 'practice-only'],
    ['that is not there', { vm: null }, 'vm-unknown'],
    ['that does not run', { vm: { ...vm, state: 'shut-off' as const } }, 'vm-not-answering'],
    ['without an address', { vm: { ...vm, addresses: [] } }, 'vm-not-answering'],
    ['that is one already', { boards: [host, make()] }, 'bad-usage'],
    ['too far away', { host: { ...host, reach: { kind: 'ssh' as const, target: hop('10.0.0.2'), jumps: Array.from({ length: 8 }, () => hop('gateway')) } } }, 'bad-usage'],
  ])('is refused: one %s', (_what, changes, code) => {
    const attempt = () => make(changes);
    expect(attempt).toThrow(CodedError);
    try {
      attempt();
    } catch (thrown) {
      expect(CodedError.from(thrown)).toMatchObject({ code, extras: { board: 'Bench', state: 'No board was added.' } });
    }
  });
});
