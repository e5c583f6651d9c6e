import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createVm, type CreatedVm, type CreateVm } from '../../electron/core/vms/create-vm.ts';
import { removeVm, type RemovedVm } from '../../electron/core/vms/remove-vm.ts';
import type { BoardSession } from '../../electron/core/ssh/board-session.ts';
import type { CloudImage, NewVm } from '../../shared/model/vm.ts';
import { startFakeLibvirt, type FakeLibvirt } from './fake-libvirt.ts';
import { startImageServer, type ImageServer } from './image-server.ts';
import { sessionKit } from './session-kit.ts';
import { startSshd, type SshdOptions, type SshdServer } from './sshd-server.ts';

export const testKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvb2JhcmZvb2JhcmZvb2JhcmZvb2JhcmZvb2JhcmZv engineer@bench';
export const newVm = (changes: Partial<NewVm> = {}): NewVm => ({
  name: 'rt1', purpose: 'real-time', image: { kind: 'catalogue', id: 'test', fetchedBy: 'board' }, vcpus: 2, memoryMiB: 1024, diskGiB: 4,
  user: { name: 'engineer', password: null, sshKeys: [testKey], adminGroup: 'sudo' }, packages: ['rt-tests'], network: 'default', osinfo: 'debian12', ...changes,
});

/** A real sshd with programs of libvirt that only remember, a publisher of one small image, and a scratch "laptop". */
export interface VmKit {
  readonly libvirt: FakeLibvirt;
  readonly publisher: ImageServer;
  readonly server: SshdServer;
  readonly image: CloudImage;
  /** The image as a file of this computer. */
  readonly imageFile: string;
  readonly imageSha256: string;
  readonly base: string;
  readonly told: Array<{ fraction: number | null; message: string }>;
  session(port?: number): BoardSession;
  work(changes?: Partial<CreateVm>): CreateVm;
  create(changes?: Partial<CreateVm>): Promise<CreatedVm>;
  remove(name?: string, owner?: string): Promise<RemovedVm>;
  /** Lines of a VM's record. */
  record(name?: string): string[];
  phase(name?: string): string | null;
  imageDirectory(): string[];
  stop(): Promise<void>;
}

export async function startVmKit(options: SshdOptions = {}): Promise<VmKit> {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-vms-'));
  const base = join(scratch, 'board');
  const libvirt = startFakeLibvirt();
  const publisher = await startImageServer();
  const imageFile = join(scratch, 'test.qcow2');
  execFileSync('/usr/bin/qemu-img', ['create', '-q', '-f', 'qcow2', imageFile, '2G']);
  // Some weight, so that there is a middle to be stopped in.
  execFileSync('/usr/bin/qemu-io', ['-c', 'write -P 0x5a 0 6M', imageFile], { stdio: 'pipe' });
  const content = readFileSync(imageFile);
  const imageSha256 = createHash('sha256').update(content).digest('hex');
  const image: CloudImage = { id: 'test', title: 'Test Linux', url: `${publisher.url}/test.qcow2`, checksumsUrl: `${publisher.url}/SHA512SUMS`, fileName: 'test.qcow2', osinfo: 'debian12', adminGroup: 'sudo' };
  publisher.put('/test.qcow2', content);
  publisher.put('/SHA512SUMS', `${createHash('sha512').update(content).digest('hex')}  test.qcow2\n`);
  const server = await startSshd({ rootLogin: true, ...options, config: [...options.config ?? [], `SetEnv RTVM_BENCH_DIR=${base} PATH=${libvirt.path}`] });
  const sessions: BoardSession[] = [];
  const session = (port = server.port): BoardSession => {
    const kit = sessionKit({ target: { address: '127.0.0.1', port, user: 'root', login: { method: 'key', keyFile: server.keyFile } } });
    sessions.push(kit.session);
    return kit.session;
  };
  const told: VmKit['told'] = [];
  mkdirSync(join(scratch, 'cache'));
  const kit: VmKit = {
    libvirt, publisher, server, image, imageFile, imageSha256, base, told, session,
    work: (changes = {}) => ({
      session: session(), boardName: 'Bench 1', vm: newVm(), passwordHash: null, owner: 'ana@laptop', images: [image], cacheDirectory: join(scratch, 'cache'),
      patience: { answerMs: 20_000, pollMs: 50, sshPort: server.port }, signal: new AbortController().signal,
      tell: (fraction, message) => { told.push({ fraction, message }); }, ...changes,
    }),
    create: (changes) => createVm(kit.work(changes)),
    remove: (name = 'rt1', owner = 'ana@laptop') => removeVm({ session: session(), boardName: 'Bench 1', name, owner }),
    record: (name = 'rt1') => {
      const file = join(base, 'vms', name, 'made');
      return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    },
    phase: (name = 'rt1') => kit.record(name).findLast((line) => line.startsWith('phase '))?.slice('phase '.length) ?? null,
    imageDirectory: () => readdirSync(libvirt.images).map((name) => basename(name)).sort(),
    stop: async () => {
      await Promise.all(sessions.map((one) => one.disconnect()));
      await server.stop();
      await publisher.stop();
      libvirt.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
  return kit;
}
