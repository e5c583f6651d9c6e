import { test } from 'vitest';
import { readVmMap } from '../../../shared/planning/vm/map/read-vm-map.ts';
test('x', () => {
  for (const text of ['{"vcpus":[{"vcpu":0,"cpu":4},{"vcpu":1,"cpu":6}],"emulator":[56,58],"cache":[{"vcpus":"1","id":0,"size":"8MiB"}],"memory":{"hugepages":"1GiB","nodes":[0]}}',
    '{"vcpus":"4,6"}', '{"vcpus":{"0":4,"1":"6"}}', '{"vcpus":[{"vcpu":0,"cpu":"4-5"}]}', '{"vcpus":[{"vcpu":0}]}', '{"vcpus":[4],"emulater":[1]}', '{}', '[]', '5', '{', 'vcpus: [4, 6]\nscheduler: {priorities: {"0": 1, "1": 50}}\noptions: {usb: false}', '{"vcpus":[4],"memory":"8GiB","bandwidth":{"percent":"60%"}}', '{"vcpus":[4],"memory":{"hugepages":"x"}}','{"vcpus":[4],"scheduler":{"policy":"deadline"}}','{"vcpus":[4],"scheduler":{"priorities":[{"vcpus":0,"priority":100}]}}', '{"vcpus":[4],"options":{"usb":"maybe"}}','{"vcpus":[4],"count":2}','{"vcpus":["a"]}', '{"vms":[{"name":"rt","node":0,"vcpus":[{"vcpu":0,"cpu":4}]}],"emulator":[],"housekeeping":[0],"isolated":[4]}']) {
    const r = readVmMap(text);
    console.log(text, r.ok ? JSON.stringify(r.value) : r.error.message);
  }
});
