import { FileError } from '../files/file-error.ts';
import { imageAt, imageText, type DiskImage } from '../libvirt/disk-image.ts';
import { parseOptions } from './options.ts';
import { fileProblem, type Program, type ProgramContext } from './program.ts';

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

const sizeOf = (text: string): number | undefined => {
  const [, digits, unit = ''] = /^(\d+)([bkmgt]?)$/i.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (units[unit.toLowerCase()] ?? 1);
};

const human = (bytes: number): string => {
  const [unit = 'B', factor = 1] = ([['TiB', 2 ** 40], ['GiB', 2 ** 30], ['MiB', 2 ** 20], ['KiB', 2 ** 10]] as const).find(([, one]) => bytes >= one) ?? [];
  const value = bytes / factor;
  return `${Number(value >= 100 ? value.toFixed(0) : value.toPrecision(3))} ${unit}`;
};

/** A backing file is named as seen from the folder of the image. */
const beside = (path: string, backing: string): string => (backing.startsWith('/') ? backing : `${path.slice(0, path.lastIndexOf('/'))}/${backing}`);

async function create(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args.slice(1), { short: 'q f: b: F: o: u' });
  const value = (name: string): string | undefined => options.find((option) => option.name === name)?.value;
  const [name = '', size] = operands;
  const path = context.path(name);
  const backing = value('b');
  const behind = backing === undefined ? undefined : imageAt(context.linux, beside(path, backing));
  if (backing !== undefined && behind === undefined) return (await context.err(`qemu-img: ${name}: Could not open '${backing}': No such file or directory\nCould not open backing image.\n`), 1);
  if (backing !== undefined && value('F') === undefined) return (await context.err(`qemu-img: ${name}: Backing file specified without backing format\nDetected format of ${behind?.format ?? 'raw'}.\n`), 1);
  const bytes = size === undefined ? behind?.virtualBytes : sizeOf(size);
  if (bytes === undefined) return (await context.err(size === undefined ? `qemu-img: ${name}: Image creation needs a size parameter\n` : `qemu-img: Invalid image size specified. You may use k, M, G, T, P or E suffixes for \nqemu-img: kilobytes, megabytes, gigabytes, terabytes, petabytes and exabytes.\n`), 1);
  const format = value('f') ?? 'raw';
  if (!options.some((option) => option.name === 'q')) {
    await context.out(format === 'raw' ? `Formatting '${name}', fmt=raw size=${bytes}\n` : `Formatting '${name}', fmt=qcow2 cluster_size=65536 extended_l2=off compression_type=zlib size=${bytes}${backing === undefined ? '' : ` backing_file=${backing} backing_fmt=${value('F') ?? ''}`} lazy_refcounts=off refcount_bits=16\n`);
  }
  try {
    await context.writeFile(name, format === 'raw' ? '\0'.repeat(512) : imageText({ virtualBytes: bytes, backing: backing === undefined ? undefined : beside(path, backing), backingFormat: value('F') }));
    return 0;
  } catch (error) {
    return (await context.err(`qemu-img: ${name}: Could not create '${name}': ${fileProblem(error)}\n`), 1);
  }
}

async function info(context: ProgramContext): Promise<number> {
  const { options, operands } = parseOptions(context.args.slice(1), { short: 'U f:', long: { output: 'output:', 'force-share': 'U', 'backing-chain': 'chain' } });
  const [name = ''] = operands;
  const path = context.path(name);
  const image = imageAt(context.linux, path);
  const inode = image === undefined ? undefined : context.files.find(path, context.who);
  if (image === undefined || inode?.kind !== 'file') return (await context.err(`qemu-img: Could not open '${name}': Could not open '${name}': No such file or directory\n`), 1);
  if (!options.some((option) => option.name === 'U') && isWritten(context, path)) return (await context.err(`qemu-img: Could not open '${name}': Failed to get shared "write" lock\nIs another process using the image [${name}]?\n`), 1);
  const broken = image.backing !== undefined && imageAt(context.linux, image.backing) === undefined;
  if (options.find((option) => option.name === 'output')?.value === 'json') return (await context.out(jsonOf(name, image, inode.size)), 0);
  await context.out([
    `image: ${name}`, `file format: ${image.format}`, `virtual size: ${human(image.virtualBytes)} (${image.virtualBytes} bytes)`, `disk size: ${human(Math.max(4096, Math.ceil(inode.size / 4096) * 4096))}`,
    ...(image.format === 'raw' ? [] : ['cluster_size: 65536']), ...(image.backing === undefined ? [] : [`backing file: ${image.backing}${broken ? ' (cannot determine actual path)' : ''}`, `backing file format: ${image.backingFormat ?? ''}`]),
    ...(image.format === 'raw' ? [] : ['Format specific information:', '    compat: 1.1', '    compression type: zlib', '    lazy refcounts: false', '    refcount bits: 16', '    corrupt: false', '    extended l2: false']), '',
  ].join('\n'));
  return 0;
}

const isWritten = (context: ProgramContext, path: string): boolean => {
  const { hypervisor } = context.linux;
  return hypervisor.imagesInUse().includes(path);
};

const jsonOf = (name: string, image: DiskImage, size: number): string => `${JSON.stringify({
  ...(image.backing === undefined ? {} : { 'backing-filename-format': image.backingFormat }), 'virtual-size': image.virtualBytes, filename: name, ...(image.format === 'raw' ? {} : { 'cluster-size': 65_536 }), format: image.format,
  'actual-size': Math.max(4096, Math.ceil(size / 4096) * 4096), ...(image.backing === undefined ? {} : { 'full-backing-filename': image.backing, 'backing-filename': image.backing }), 'dirty-flag': false,
}, null, 4)}\n`;

async function resize(context: ProgramContext): Promise<number> {
  const { operands } = parseOptions(context.args.slice(1), { short: 'q f:', long: { shrink: 'shrink' } });
  const [name = '', size = ''] = operands;
  const image = imageAt(context.linux, context.path(name));
  if (image === undefined) return (await context.err(`qemu-img: Could not open '${name}': Could not open '${name}': No such file or directory\n`), 1);
  const bytes = sizeOf(size.replace(/^[+]/, ''));
  if (bytes === undefined) return (await context.err('qemu-img: Invalid image size specified. You may use k, M, G, T, P or E suffixes for \nqemu-img: kilobytes, megabytes, gigabytes, terabytes, petabytes and exabytes.\n'), 1);
  const total = size.startsWith('+') ? image.virtualBytes + bytes : bytes;
  if (total < image.virtualBytes && !context.args.includes('--shrink')) return (await context.err("qemu-img: Use the --shrink option to perform a shrink operation.\n"), 1);
  if (image.format === 'qcow2') await context.writeFile(name, imageText({ ...image, virtualBytes: total }));
  await context.out('Image resized.\n');
  return 0;
}

async function qemuImg(context: ProgramContext): Promise<number> {
  switch (context.args[0]) {
    case 'create': return create(context);
    case 'info': return info(context);
    case 'resize': return resize(context);
    case 'check': return (await context.out('No errors were found on the image.\n'), 0);
    case '--version': case '-V': return (await context.out('qemu-img version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\n'), 0);
    default: return (await context.err(`qemu-img: Command not found: ${context.args[0] ?? ''}\n`), 1);
  }
}

/** A disc image: no file system is played, the text of what it holds stands in it one after the other. */
async function makeIso(context: ProgramContext): Promise<number> {
  const words = context.args[0] === '-as' ? context.args.slice(2) : [...context.args];
  const files: string[] = [];
  let output = '';
  let volume = 'CDROM';
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-output' || word === '-o') output = words.shift() ?? '';
    else if (/^-{1,2}volid$|^-V$/.test(word)) volume = words.shift() ?? volume;
    else if (!word.startsWith('-')) files.push(word);
  }
  if (output === '' || files.length === 0) return context.fail('FAILURE : no output or no input file given', 32);
  try {
    const texts = await Promise.all(files.map(async (file) => `${file.split('/').at(-1) ?? file}\n${await context.readFile(file)}\n`));
    await context.writeFile(output, `${'\0'.repeat(32_768)}\x01CD001\x01 ${volume}\n${texts.join('')}`);
    return 0;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return context.fail(`FAILURE : Cannot open '${error.path}' : ${error.text}`, 32);
  }
}

const versionOf = (text: string): Program['run'] => async (context) => (await context.out(`${text}\n`), 0);
const qemuVersion = versionOf('QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\nCopyright (c) 2003-2022 Fabrice Bellard and the QEMU Project developers');

export const qemuPrograms: readonly Program[] = [
  { path: '/usr/bin/qemu-img', run: qemuImg }, { path: '/usr/bin/qemu-system-x86_64', run: qemuVersion }, { path: '/usr/libexec/qemu-kvm', run: qemuVersion },
  ...['xorriso', 'xorrisofs', 'genisoimage'].map((name) => ({ path: `/usr/bin/${name}`, run: makeIso })), { path: '/usr/sbin/dnsmasq', run: versionOf('Dnsmasq version 2.90  Copyright (c) 2000-2024 Simon Kelley') },
];
