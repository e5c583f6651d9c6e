import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from 'ssh2';
import { logIn, runCommand, startBench, textMatching, type Bench, type RunResult } from './practice-client.ts';

/** Runs a script as root, on a channel of its own. */
const asRoot = (client: Client, script: string): Promise<RunResult> => runCommand(client, `sudo -S -p '' sh -c '${script.replaceAll("'", `'\\''`)}'`, 'practice\n');

const domain = (inside: { readonly tune?: string; readonly more?: string; readonly devices?: string; readonly name?: string; readonly type?: string } = {}): string =>
  `<domain type="${inside.type ?? 'kvm'}"><name>${inside.name ?? 'rt'}</name><memory unit="MiB">512</memory><vcpu>2</vcpu>${inside.more ?? ''}<cputune>${inside.tune ?? ''}</cputune><os><type machine="q35">hvm</type></os><devices><memballoon model="none"/>${inside.devices ?? ''}</devices></domain>`;

/** Defines, starts, tells, and takes away again. */
const tryStart = (client: Client, xml: string): Promise<RunResult> => asRoot(client, `printf '%s' '${xml}' >/tmp/x.xml; virsh -q define /tmp/x.xml && virsh -q start rt; virsh -q destroy rt 2>/dev/null; virsh -q undefine rt 2>/dev/null; ls /sys/fs/resctrl | grep qemu`);

const share = (size: string, rest = 'id="0" level="3" type="both"'): string => `<cachetune vcpus="0-1"><cache ${rest} size="${size}" unit="KiB"/></cachetune>`;

describe('a KVM host on the practice board', () => {
  let bench: Bench;
  let client: Client;
  beforeAll(async () => {
    bench = await startBench();
    client = await logIn(bench.login);
  });
  afterAll(async () => {
    client.end();
    await bench.close();
  });

  test('virsh answers as the real one does', async () => {
    const { stdout, stderr } = await asRoot(client, 'virsh list --all; virsh domstate nobody; virsh net-list --all; virsh -q "domuuid debian12-std; echo @@; domstate debian12-std --reason"; virsh frobnicate');
    expect(stdout).toBe(' Id   Name           State\n-------------------------------\n -    debian12-std   shut off\n\n\n Name      State    Autostart   Persistent\n--------------------------------------------\n default   active   yes         yes\n\n'
      + '425811b3-af98-49c4-9cc6-b79469151a24\n@@\nshut off (unknown)\n\n');
    expect(stderr).toBe("error: failed to get domain 'nobody'\nerror: unknown command: 'frobnicate'\n");
  });

  test('who is not in the group may only look', async () => {
    const { stdout, stderr } = await runCommand(client, 'virsh -r -c qemu:///system list --all --name; virsh list --all --name; virsh -c qemu:///system list; virsh -r -c qemu:///system start debian12-std; id -nG; id -nG rt');
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual(['debian12-std', 'rt sudo', 'rt sudo']);
    expect(stderr).toContain("error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied\n");
    expect(stderr).toContain('error: operation forbidden: read only access prevents virDomainCreate\n');
    await asRoot(client, 'gpasswd -a rt libvirt');
    expect((await runCommand(client, 'id -nG rt')).stdout).toBe('rt sudo libvirt\n');
    const again = await logIn(bench.login);
    expect(await runCommand(again, 'virsh -c qemu:///system list --name')).toMatchObject({ code: 0, stderr: '' });
    again.end();
    expect((await asRoot(client, 'gpasswd -d rt libvirt; id -nG rt')).stdout).toBe('Removing user rt from group libvirt\nrt sudo\n');
  });

  test('a definition is put in order, and loses what libvirt does not know unless it is to be valid', async () => {
    const xml = domain({ more: '<bogus/>', tune: '<vcpusched vcpus="0-1" scheduler="fifo" priority="1"/><vcpupin vcpu="1" cpuset="5,4"/><vcpupin vcpu="7" cpuset="1"/>' });
    const { stdout, stderr } = await asRoot(client, `printf '%s' '${xml}' >/tmp/x.xml; virsh define --validate /tmp/x.xml; virsh -q define /tmp/x.xml; virsh -q define /tmp/x.xml; virsh dumpxml rt --inactive; virsh -q undefine rt`);
    expect(stderr).toMatch(/XML document failed to validate against schema[\s\S]*extra content: bogus\n/);
    expect(stderr).toMatch(/operation failed: domain 'rt' already exists with uuid [0-9a-f-]{36}\n/);
    expect(stdout).not.toContain('bogus');
    expect(stdout).toContain("<memory unit='KiB'>524288</memory>\n  <currentMemory unit='KiB'>524288</currentMemory>\n  <vcpu placement='static'>2</vcpu>\n  <cputune>\n    <vcpupin vcpu='1' cpuset='4-5'/>\n    <vcpusched vcpus='0' scheduler='fifo' priority='1'/>\n    <vcpusched vcpus='1' scheduler='fifo' priority='1'/>\n  </cputune>");
    expect(stdout).toContain("machine='pc-q35-7.2'");
  });

  test.each([
    ['a CPU that is not there', { tune: '<vcpupin vcpu="0" cpuset="99"/>' }, /Unable to write to '\/sys\/fs\/cgroup\/machine\.slice\/machine-qemu\\x2d\d+\\x2drt\.scope\/libvirt\/vcpu0\/cpuset\.cpus': Numerical result out of range/],
    ['a priority that is none', { tune: '<vcpusched vcpus="0" scheduler="fifo" priority="100"/>' }, /unsupported configuration: Scheduler priority 100 out of range \[1, 99\]/],
    ['huge pages that are not set aside', { more: '<memoryBacking><hugepages/></memoryBacking>' }, /qemu-system-x86_64: unable to map backing store for guest RAM: Cannot allocate memory/],
    ['huge pages of a size that is not mounted', { more: '<memoryBacking><hugepages><page size="1" unit="GiB"/></hugepages></memoryBacking>' }, /internal error: Unable to find any usable hugetlbfs mount for 1048576 KiB/],
    ['a node that is not there', { more: '<numatune><memory mode="strict" nodeset="5"/></numatune>' }, /unsupported configuration: NUMA node 5 is unavailable/],
    ['a topology that does not add up', { more: '<cpu mode="host-passthrough"><topology sockets="1" cores="4" threads="1"/></cpu>' }, /unsupported configuration: CPU topology doesn't match maximum vcpu count/],
    ['a feature nobody knows', { more: '<cpu mode="host-passthrough"><feature policy="require" name="tsc-dedline"/></cpu>' }, /unsupported configuration: unknown CPU feature: tsc-dedline/],
    ['a disk that is not there', { devices: '<disk type="file"><source file="/no.qcow2"/><target dev="vda" bus="virtio"/></disk>' }, /Cannot access storage file '\/no\.qcow2' \(as uid:64055, gid:64055\): No such file or directory/],
    ['a network that is not there', { devices: '<interface type="network"><source network="lan"/></interface>' }, /Network not found: no network with matching name 'lan'/],
    ['a share of the cache without resctrl', { tune: share('8192') }, /unsupported configuration: Resource control is not supported on this host/],
    ['a share of the cache without KVM', { tune: share('8192'), type: 'qemu' }, /unsupported configuration: cachetune is only supported for KVM domains/],
  ] as const)('%s is refused in libvirt’s words', async (_what, inside, words) => {
    expect((await tryStart(client, domain(inside))).stderr).toMatch(words);
  });

  describe('with resctrl mounted', () => {
    beforeAll(async () => {
      await asRoot(client, "mount -t resctrl resctrl /sys/fs/resctrl; echo 'L3:0=ff' >/sys/fs/resctrl/schemata");
    });

    test.each([
      ['not a multiple', share('5000'), /Cache allocation of size 5120000 is not divisible by granularity 4194304/],
      ['the whole cache', share('61440'), /Cache allocation for the whole cache is not possible, specify size smaller than 62914560/],
      ['more than is free', share('32768'), /Not enough room for allocation of 33554432 bytes for level 3 cache 0 scope type 'both'/],
      ['of a cache that is not there', share('8192', 'id="4" level="3" type="both"'), /Cache with id 4 does not exists for level 3/],
      ['for code alone', share('8192', 'id="0" level="3" type="code"'), /Cache level 3 id 0 does not support tuning for scope type 'code'/],
      ['bandwidth between steps', '<memorytune vcpus="0-1"><node id="0" bandwidth="55"/></memorytune>', /Memory Bandwidth allocation of size 55 is not divisible by granularity 10/],
    ] as const)('a share %s is refused, and leaves nothing behind', async (_what, tune, words) => {
      const { stderr, stdout } = await tryStart(client, domain({ tune }));
      expect(stderr).toMatch(words);
      expect(stdout).toBe('');
    });

    test('VMs get the smallest holes that fit, and give them back', async () => {
      const group = 'for g in /sys/fs/resctrl/qemu*/; do [ -e "$g" ] && grep L3 "$g/schemata"; done';
      const { stdout } = await asRoot(client, [
        ...['one', 'two'].map((name) => `printf '%s' '${domain({ name, tune: share(name === 'one' ? '12288' : '8192') })}' >/tmp/x.xml; virsh -q define /tmp/x.xml; virsh -q start ${name}`), group,
        'virsh -q destroy one; virsh -q destroy two; virsh -q undefine one; virsh -q undefine two', group,
      ].join('\n'));
      expect(stdout.match(/L3:0=\w+/g)).toEqual(['L3:0=0700', 'L3:0=1800']);
    });

    test('the kernel takes whole masks only, and says why not', async () => {
      const write = (line: string): string => `echo '${line}' >/sys/fs/resctrl/schemata; cat /sys/fs/resctrl/info/last_cmd_status`;
      const { stdout } = await asRoot(client, `${['L3:0=f0f', 'L3:0=ffff', 'L3:0=0', 'L3:0=xyz', 'L2:0=f', 'MB:0=5', 'MB:0=45', 'L3:0=ff'].map(write).join('\n')}\ngrep MB /sys/fs/resctrl/schemata`);
      expect(stdout.split('\n')).toEqual([
        'The mask f0f has non-consecutive 1-bits', 'Mask out of range', 'Mask out of range', 'Non-hex character in the mask xyz', "Unknown or unsupported resource name 'L2'", 'MB value 5 out of range [10,100]', 'ok', 'ok', '    MB:0= 50;1=100', '',
      ]);
    });

    test('groups are made and removed until there is no room for more', async () => {
      const { stdout, stderr } = await asRoot(client, 'cd /sys/fs/resctrl; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do mkdir g$i; done; cat info/last_cmd_status; echo $$ >g1/tasks; grep -c . g1/tasks; echo 8 >g2/cpus_list; cat cpus_list; rmdir g*; ls');
      expect(stderr).toBe("mkdir: cannot create directory 'g15': No space left on device\n");
      expect(stdout).toBe('Out of CLOSIDs\n1\n0-7,9-63\ncpus\ncpus_list\ninfo\nmode\nschemata\nsize\ntasks\n');
    });
  });

  test('a running VM shows where its threads are; what is pinned while it runs is gone with it', async () => {
    const xml = domain({ more: '<iothreads>1</iothreads>', tune: '<vcpupin vcpu="0" cpuset="4"/><vcpupin vcpu="1" cpuset="6"/><emulatorpin cpuset="0,2"/><iothreadpin iothread="1" cpuset="2"/><vcpusched vcpus="1" scheduler="fifo" priority="10"/>' });
    const threads = 'p=$(cat /run/libvirt/qemu/rt.pid); for t in /proc/$p/task/*; do read -r name <$t/comm; set -- $(grep Cpus_allowed_list $t/status); echo "$name $2 $(chrt -p ${t##*/} | sed -n "s/.*policy: //p")"; done';
    const { stdout } = await asRoot(client, `printf '%s' '${xml}' >/tmp/x.xml; virsh -q define /tmp/x.xml; virsh -q start rt; ${threads}; virsh -q vcpupin rt 1 8 --live; virsh -q vcpupin rt; virsh -q vcpupin rt --config; virsh -q vcpupin rt 0 99; virsh -q destroy rt; virsh -q domstate rt --reason; virsh -q undefine rt`);
    expect(stdout).toContain('qemu-system-x86 0,2 SCHED_OTHER\ncall_rcu 0,2 SCHED_OTHER\nIO iothread1 2 SCHED_OTHER\nIO mon_iothread 0,2 SCHED_OTHER\nCPU 0/KVM 4 SCHED_OTHER\nCPU 1/KVM 6 SCHED_FIFO\n');
    expect(stdout.match(/^ 1 +\d+$/gm)).toEqual([' 1      8', ' 1      6']);
    expect(stdout).toContain('shut off (destroyed)');
  });

  test('a VM whose process is killed is off, and its console ends', async () => {
    await asRoot(client, 'virsh -q start debian12-std');
    const channel = await new Promise<Parameters<typeof textMatching>[0]>((resolve, reject) => client.shell({}, (error, made) => (error === undefined ? resolve(made) : reject(error))));
    channel.write('sudo virsh console debian12-std\n');
    await textMatching(channel, /password for rt:/);
    channel.write('practice\n');
    await textMatching(channel, /Escape character is/);
    channel.write('\r');
    await textMatching(channel, /debian12-std login: /);
    const ended = textMatching(channel, /\$ $/);
    expect((await asRoot(client, 'kill -9 "$(cat /run/libvirt/qemu/debian12-std.pid)"; virsh -q domstate debian12-std --reason')).stdout).toBe('shut off (crashed)\n');
    await ended;
    channel.end('exit\n');
  });

  test('connections go on to guests that are up, and nowhere else', async () => {
    await asRoot(client, 'virsh -q start debian12-std');
    const reach = (address: string, port: number): Promise<string> => new Promise((resolve) => {
      client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        if (error !== undefined) return resolve(error.message);
        channel.once('data', (data: Buffer) => {
          channel.destroy();
          resolve(data.toString());
        });
      });
    });
    const address = async (): Promise<string | undefined> => /(192\.168\.122\.\d+)\//.exec((await runCommand(client, 'virsh -q -r -c qemu:///system domifaddr debian12-std')).stdout)?.[1];
    await expect.poll(address, { timeout: 20_000 }).toBeDefined();
    expect(await reach((await address()) ?? '', 22)).toMatch(/^SSH-2\.0-/);
    expect(await reach('192.168.122.1', 80)).toContain('open failure');
    await asRoot(client, 'virsh -q destroy debian12-std');
  });

  test('virt-install describes a VM, names what is wrong, and makes one', async () => {
    const { stdout, stderr } = await asRoot(client, [
      'virt-install --name v --memory 1024 --import --disk none --print-xml', 'virt-install --name v --memory 1024 --import --os-variant debian99 --print-xml', 'virt-install --name debian12-std --os-variant linux2022 --import --print-xml',
      'qemu-img create -q -f qcow2 /var/lib/libvirt/images/v.qcow2 5G', 'virt-install --name v --memory 1024 --vcpus 2 --os-variant linux2022 --import --disk path=/var/lib/libvirt/images/v.qcow2,format=qcow2 --network network=default --graphics none --noautoconsole',
      'virsh -q domstate v', 'qemu-img info /var/lib/libvirt/images/v.qcow2', 'qemu-img info -U --output=json /var/lib/libvirt/images/v.qcow2 | grep virtual-size', 'virsh -q destroy v', 'virsh -q undefine v --remove-all-storage', 'ls /var/lib/libvirt/images',
    ].join('\n'));
    expect(stderr).toMatch(/OS name is required[\s\S]*Unknown OS name 'debian99'[\s\S]*Guest name 'debian12-std' is already in use\.[\s\S]*Failed to get shared "write" lock/);
    expect(stdout).toContain('Domain creation completed.\nrunning\n');
    expect(stdout).toContain('"virtual-size": 5368709120');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('debian12-std.qcow2');
  });
});

describe.each([['plain-pc', 'apt-get install -y libvirt-daemon-system libvirt-clients virtinst', 'libvirt-sock'], ['rhel-atom', 'dnf -y install libvirt libvirt-client virt-install', 'virtqemud-sock']])('%s', (machine, install, socket) => {
  test('has no libvirt until its packages are installed; then it answers', async () => {
    const bench = await startBench(machine);
    const client = await logIn(bench.login);
    try {
      expect((await asRoot(client, 'command -v virsh; ls /run/libvirt')).stdout).toBe('');
      const { stdout } = await asRoot(client, `${install} >/dev/null 2>&1; [ -S /run/libvirt/${socket} ] && echo listens; virsh -q net-list --all --name; virsh -q net-start default && virsh -q net-autostart default; grep -c '^libvirt:' /etc/group; virt-install --osinfo list | head -n 1`);
      expect(stdout).toBe('listens\ndefault\n1\n' + (machine === 'plain-pc' ? 'debian10, debianbuster\n' : 'debian11, debianbullseye\n'));
    } finally {
      client.end();
      await bench.close();
    }
  });
});
