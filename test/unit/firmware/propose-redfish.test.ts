import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { actionSchema } from '../../../shared/model/plan.ts';
import { redfishValueSchema, type RedfishAttribute, type RedfishSystem } from '../../../shared/model/redfish.ts';
import { proposeRedfish } from '../../../shared/planning/firmware/propose-redfish.ts';
import { judge } from './firmware-kit.ts';

const attribute = (name: string, value: RedfishAttribute['value'], rest: Partial<RedfishAttribute> = {}): RedfishAttribute => ({ name, value, next: value, displayName: null, possible: ['Enabled', 'Disabled'], readOnly: false, ...rest });
const systemOf = (attributes: RedfishAttribute[], rest: Partial<RedfishSystem> = {}): RedfishSystem => ({ system: '/redfish/v1/Systems/1', manufacturer: 'Contoso', model: '3500', uuid: null, biosVersion: null, writable: true, attributes, ...rest });
const settings = [...judge({}).values()];
const propose = (system: RedfishSystem, wanted: readonly string[] | null = ['firmware.turbo'], boardUuid: string | null = null) => proposeRedfish({ systems: [system], boardUuid, settings, wanted });

describe('changes through a management controller', () => {
  test.each([
    ['ProcTurboMode', 'Enabled', ['Enabled', 'Disabled'], 'Disabled'], ['Processors_TurboMode', 'Enable', ['Enable', 'Disable'], 'Disable'], ['Processors_TurboMode', 'Enable', [], 'Disable'],
  ])('%s, now %s of %j, is set to %s', (name, value, possible, wanted) => {
    expect(propose(systemOf([attribute(name, value, { possible })])).steps.map(({ action }) => action)).toEqual([{ kind: 'redfish', system: '/redfish/v1/Systems/1', attribute: name, value: wanted }]);
  });
  test('what is as asked, or waits to be, is left alone', () => {
    const proposal = propose(systemOf([attribute('ProcTurboMode', 'Enabled', { next: 'Disabled' })]));
    expect([proposal.steps, proposal.refused, proposal.notes[0]]).toEqual([[], [], 'Waiting for a start already: ProcTurboMode.']);
  });
  test.each([
    ['cannot be changed by itself', systemOf([attribute('ProcTurboMode', 'Enabled', { readOnly: true })])], ['takes no changes', systemOf([attribute('ProcTurboMode', 'Enabled')], { writable: false })],
    ['none of them is', systemOf([attribute('ProcTurboMode', 'On', { possible: ['On', 'Off'] })])], ['offers no setting', systemOf([])],
  ])('refused with the way out: %s', (why, system) => {
    expect(propose(system)).toMatchObject({ steps: [], refused: [{ setting: 'firmware.turbo', why: expect.stringContaining(why), next: expect.stringMatching(/\w/) }] });
  });
  test('a controller of another machine is refused; either byte order of the UUID is this one', () => {
    const uuid = '38947555-7742-3448-3784-823347823834';
    const system = systemOf([attribute('ProcTurboMode', 'Enabled')], { uuid });
    expect(propose(system, ['firmware.turbo'], '55759438-4277-4834-3784-823347823834').steps).toHaveLength(1);
    expect(propose(system, ['firmware.turbo'], uuid.toUpperCase()).steps).toHaveLength(1);
    expect(propose(system, ['firmware.turbo'], '4c4c4544-0042-5810-8034-b7c04f4b5233')).toMatchObject({ steps: [], refused: [{ why: expect.stringContaining('another machine’s') }] });
  });
  test('every step is an action that the plan’s form takes, whatever the controller says', () => {
    const names = fc.constantFrom('ProcTurboMode', 'MinProcIdlePower', 'CorrEccSmi', '__proto__', 'a b;c');
    const value = fc.oneof(fc.string({ maxLength: 20 }), fc.boolean(), fc.integer(), fc.constant(null));
    fc.assert(fc.property(fc.array(fc.record({ name: names, value, next: value, possible: fc.array(fc.constantFrom('Enabled', 'Disabled', 'NoCStates', 'x'), { maxLength: 4 }), readOnly: fc.boolean() }), { maxLength: 6 }), (list) => {
      const attributes = list.map((one) => ({ ...one, displayName: null, value: redfishValueSchema.parse(one.value), next: redfishValueSchema.parse(one.next) }));
      for (const { action } of propose(systemOf(attributes), null).steps) expect(actionSchema.parse(action)).toEqual(action);
    }));
  });
});
