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

const escapedText = fc.string({ unit: fc.constantFrom('a', 'Z', '7', ' ', 'ü', '漢', '&amp;', '&lt;', '&quot;', '&#x41;', '\n'), maxLength: 12 });
const { inner } = fc.letrec<{ inner: string }>((tie) => ({
  inner: fc.oneof(
    { depthSize: 'small', withCrossShrink: true }, escapedText, fc.constantFrom('<!-- a person wrote this -->', '<![CDATA[<raw> & unread]]>'),
    fc.tuple(fc.constantFrom('p:item', 'p:vcpupin', 'p:memory'), escapedText, fc.array(tie('inner'), { maxLength: 3 })).map(([name, value, children]) => `<${name} p:a="${value}" b='2'>${children.join('')}</${name}>`),
  ),
}));

/** What programs may keep in a domain's metadata: elements of namespaces of their own. */
export const foreignXml: fc.Arbitrary<string> = fc.uniqueArray(fc.tuple(fc.nat(99), fc.array(inner, { maxLength: 4 })), { minLength: 1, maxLength: 3, selector: ([name]) => name })
  .map((programs) => programs.map(([name, children]) => `<p:program xmlns:p="urn:example:${name}">${children.join('')}</p:program>`).join(''));

/** Elements of a domain that tuning has nothing to say about. */
export const untouchedElements = ['title', 'description', 'blkiotune', 'resource', 'sysinfo', 'idmap', 'disk', 'filesystem', 'interface', 'serial', 'parallel', 'channel', 'tpm', 'rng', 'vsock', 'shmem', 'smartcard', 'panic', 'hostdev', 'watchdog', 'redirfilter', 'seclabel', 'qemu:commandline'] as const;

const parts = [
  '<title>Press &amp; line &#x34;</title>', '<description>  kept   as it is  </description>', '<blkiotune><weight>700</weight><device><path>/dev/sda</path><weight>300</weight></device></blkiotune>',
  '<resource><partition>/machine/line</partition></resource>', '<cputune><shares>512</shares><period>50000</period><quota>-1</quota><vcpupin vcpu="3" cpuset="0-7,^2"/></cputune>',
  '<numatune><memory mode="interleave" placement="auto"/></numatune>', '<sysinfo type="smbios"><bios><entry name="vendor">Bench</entry></bios><oemStrings><entry>a:b</entry></oemStrings></sysinfo>',
  '<memtune><hard_limit unit="GiB">64</hard_limit><swap_hard_limit unit="GiB">80</swap_hard_limit></memtune>', '<iothreads>2</iothreads>',
  '<features><acpi/><apic eoi="off"/><pae/><hap state="on"/><kvm><hidden state="on"/></kvm><capabilities policy="default"/></features>',
  '<cpu mode="host-model"><feature policy="disable" name="svm"/></cpu>', '<cpu match="minimum"><model>Nehalem</model><topology sockets="1" cores="4" threads="1"/></cpu>', '<cpu mode="maximum"/>',
  '<clock offset="utc"><timer name="hpet" present="yes"/><timer name="pit" tickpolicy="catchup"/></clock>', '<clock offset="localtime"/>', '<on_crash>coredump-restart</on_crash>', '<pm><suspend-to-disk enabled="yes"/></pm>',
  '<seclabel type="none" model="dac"/>', '<qemu:commandline><qemu:arg value="-foo"/><qemu:env name="A" value="b c"/></qemu:commandline>',
];
const devices = [
  '<disk type="file" device="disk"><driver name="qemu" type="qcow2" iothread="1"/><source file="/a.qcow2"/><target dev="vda" bus="virtio"/><boot order="1"/></disk>', '<disk type="file" device="cdrom"><target dev="sdc" bus="sata"/><readonly/></disk>',
  '<disk type="network" device="disk"><driver name="qemu" type="raw"/><source protocol="nbd" name="e"><host name="10.0.0.1" port="10809"/></source><target dev="vdb" bus="virtio"/></disk>',
  '<filesystem type="mount" accessmode="mapped"><source dir="/srv"/><target dir="s"/></filesystem>', '<interface type="network"><mac address="52:54:00:01:02:03"/><source network="default"/><model type="virtio"/></interface>',
  '<interface type="user"><mac address="52:54:00:01:02:04"/><model type="e1000"/></interface>', '<serial type="pty"><target port="0"/></serial>', '<parallel type="null"><target port="0"/></parallel>',
  '<channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>', '<channel type="spicevmc"><target type="virtio" name="com.redhat.spice.0"/></channel><graphics type="spice" autoport="yes"/>', '<graphics type="vnc" port="-1"/><video><model type="vga"/></video>',
  '<tpm model="tpm-tis"><backend type="passthrough"><device path="/dev/tpm0"/></backend></tpm>', '<rng model="virtio"><backend model="random">/dev/random</backend></rng>', '<vsock model="virtio"><cid auto="no" address="9"/></vsock>',
  '<shmem name="x"><model type="ivshmem-plain"/><size unit="M">8</size></shmem>', '<hostdev mode="subsystem" type="pci" managed="yes"><source><address domain="0x0000" bus="0x09" slot="0x00" function="0x0"/></source></hostdev>',
  '<watchdog model="i6300esb" action="pause"/>', '<panic model="isa"/>', '<memballoon model="virtio-transitional"/>', '<sound model="ich6"/>', '<controller type="usb" index="0" model="ich9-ehci1"/><input type="tablet" bus="usb"/>',
  '<controller type="usb" index="1" model="qemu-xhci"/><redirdev bus="usb" type="tcp"><source mode="connect" host="localhost" service="4000"/></redirdev><redirfilter><usbdev allow="no"/></redirfilter>',
];

/** Domains of 4 vCPUs, put together of parts that real ones have. Of elements that are there once only, the first is taken. */
export const assembledDomains: fc.Arbitrary<string> = fc.tuple(fc.subarray(parts), fc.subarray(devices), fc.constantFrom('q35', 'pc'), fc.constantFrom('\n  ', '\n\t', '')).map(([chosen, chosenDevices, machine, between]) => {
  const once = chosen.filter((part, at) => chosen.findIndex((other) => nameOf(other) === nameOf(part)) === at);
  const domain = [
    '<name>assembled</name>', '<uuid>0d4cf4ad-7c3a-4b7e-9a54-9a0f1ea0b101</uuid>', '<memory unit="GiB">4</memory>', '<vcpu>4</vcpu>', `<os><type arch="x86_64" machine="${machine}">hvm</type></os>`,
    ...once, '<devices>', ...chosenDevices, '</devices>',
  ];
  return `<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">${domain.map((part) => `${between}${part}`).join('')}${between === '' ? '' : '\n'}</domain>`;
});

const nameOf = (xml: string): string => /^<([\w:]+)/.exec(xml)?.[1] ?? '';
