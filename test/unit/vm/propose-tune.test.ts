import { describe, expect, it } from 'vitest';
import { proposeTuneVm } from '../../../shared/planning/vm/propose-tune.ts';
import { isDone } from '../../../shared/planning/change/is-done.ts';
import { describeStep } from '../../../shared/planning/describe-step.ts';
import { domainWith, eciMap, fixture, mapOf, tuned, twoVcpus } from './vm-kit.ts';

const nameOf = (xml: string) => /<name>([^<]+)<\/name>/.exec(xml)?.[1] ?? '';

describe('a plan that tunes a VM', () => {
  it('is one step with the tuned definition, every rule that changes something, and what can go wrong', () => {
    const xml = fixture('eci/as-installed.xml');
    const { steps: [step, ...others], refused, restart, notes } = proposeTuneVm(xml, nameOf(xml), eciMap());
    expect([others, refused, restart]).toEqual([[], [], 'none']);
    expect(step).toMatchObject({ risk: 'performance', action: { kind: 'domain', name: nameOf(xml), xml: tuned(xml).xml } });
    for (const { rule, why } of tuned(xml).changes) {
      expect(step?.why).toContain(rule);
      expect(step?.why).toContain(why);
    }
    expect(step?.caution).toMatch(/next start of the VM.*deadlock/);
    expect(notes).toHaveLength(tuned(xml).findings.length);
    expect(step && isDone(step.action, { kind: 'domain', xml })).toBe(false);
    const { command, diff } = step ? describeStep(step.action, { kind: 'domain', xml }) : { command: '', diff: null };
    expect(command).toBe('virsh define --validate NEW.xml');
    expect(diff).toMatch(/^\+.*<vcpusched vcpus='1' scheduler='fifo' priority='10'\/>$/m);
  });

  it('says nothing of starvation where nothing has real-time scheduling', () => {
    const { steps: [step] } = proposeTuneVm(domainWith(), 'rt', mapOf({ ...twoVcpus, scheduler: { policy: 'other' } }));
    expect(step?.caution).not.toContain('deadlock');
  });

  it('is empty where the VM is so already', () => {
    const { steps, notes } = proposeTuneVm(tuned(domainWith(), mapOf(twoVcpus)).xml, 'rt', mapOf(twoVcpus));
    expect([steps, notes[0]]).toEqual([[], 'rt is tuned by this map already.']);
  });

  it.each([
    ['what is no domain', '<network/>', twoVcpus, /not <domain>/],
    ['a map of another VM', domainWith(), { ...twoVcpus, name: 'other' }, /The map is for other/],
    ['a VM that its host would kill', domainWith('<memtune><hard_limit unit=\'KiB\'>1048576</hard_limit></memtune>'), twoVcpus, /kills the VM/],
  ])('refuses %s, with the reason and what to do', (_what, xml, map, why) => {
    const { steps, refused } = proposeTuneVm(xml, 'rt', mapOf(map));
    expect(steps).toEqual([]);
    expect(refused).toEqual([{ setting: expect.stringContaining('tuning of the VM'), why: expect.stringMatching(why), next: expect.stringMatching(/./) }]);
  });

  it('names every problem of a map, not the first alone', () => {
    expect(proposeTuneVm(domainWith(), 'rt', mapOf({ ...twoVcpus, name: 'other', memory: { hugepages: '4MiB' } })).refused.map(({ setting }) => setting)).toEqual(['tuning of the VM, name', 'tuning of the VM, memory.hugepages']);
  });
});
