import fc from 'fast-check';

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** Map files as people may write them, most of which can be carried out. */
export const vmMapFiles: fc.Arbitrary<Record<string, unknown>> = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const vcpu = fc.integer({ min: 0, max: count - 1 });
  const some = fc.uniqueArray(vcpu, { minLength: 1, maxLength: count });
  return fc.record({
    vcpus: fc.uniqueArray(fc.integer({ min: 0, max: 127 }), { minLength: count, maxLength: count }),
    emulator: fc.uniqueArray(fc.integer({ min: 128, max: 255 }), { minLength: 1, maxLength: 4 }),
    iothreads: fc.uniqueArray(fc.record({ iothread: fc.integer({ min: 1, max: 5 }), cpus: fc.uniqueArray(fc.integer({ min: 128, max: 255 }), { minLength: 1, maxLength: 3 }) }), { selector: ({ iothread }) => iothread, maxLength: 3 }),
    scheduler: fc.record({ policy: fc.constantFrom('fifo', 'rr', 'other'), emulator: fc.option(fc.integer({ min: 1, max: 99 })), iothreads: fc.option(fc.integer({ min: 1, max: 99 })), priorities: fc.constantFrom([], [{ vcpus: [0], priority: 42 }]) }),
    cache: fc.uniqueArray(fc.record({ vcpus: some, id: fc.integer({ min: 0, max: 3 }), level: fc.constantFrom(2, 3), size: fc.integer({ min: 1, max: 64 }).map((mebibytes) => `${mebibytes}MiB`), granularity: fc.constantFrom(null, '6815744', '2MiB') }), { selector: ({ id, level }) => `${id} ${level}`, maxLength: 1 }),
    bandwidth: optional(fc.record({ percent: fc.integer({ min: 10, max: 100 }), nodes: fc.constantFrom([0], [0, 1]) })),
    memory: fc.record({ size: fc.constantFrom(null, '2GiB', '8GiB'), hugepages: fc.constantFrom(null, true, '2MiB', '1GiB'), nodes: fc.constantFrom(null, [0], [0, 1]), mode: fc.constantFrom('strict', 'preferred'), locked: fc.boolean(), nosharepages: fc.boolean() }),
    passthrough: fc.constantFrom([], ['0000:03:00.0'], ['05:10.0', '0000:81:00.1']),
    options: fc.record({ usb: fc.constantFrom('auto', 'keep'), graphics: fc.boolean(), sound: fc.boolean(), balloon: fc.boolean(), pmu: fc.boolean(), vmport: fc.boolean(), hpet: fc.boolean(), suspend: fc.boolean(), cpuModel: fc.boolean() }),
  });
});
