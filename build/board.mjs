#!/usr/bin/env node
// `npm run board`: a real Debian with a PREEMPT_RT kernel in QEMU, for trying things out with no hardware.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { baseDirectory, boardsDirectory, defaultTopology, ensureBoardImage, ensureCloudImage, existingCloudImage, existingImage, startEmulatedBoard, topologies } from './emulated-board/index.mjs';

const help = `Usage: npm run board -- [options]

Boots an emulated board (Debian 12, PREEMPT_RT kernel, in QEMU) and stays until Ctrl-C. The first start builds its disk
image (some four minutes, as root, from the Debian mirror that this machine's apt uses); later starts need no network.

  --image NAME     real-time (default), or generic: Debian's usual kernel, a KVM host with libvirt
                   and a cloud image to make virtual machines from
  --topology NAME  how its CPUs are laid out (default: ${defaultTopology}); --list names them
  --port N         port on 127.0.0.1 (default: a free one)
  --keep NAME      keep its disk under this name between starts (default: every start is fresh)
  --watchdog       with a hardware watchdog (i6300esb) that resets it
  --internet       let it reach the network of this machine
  --build-only     build the image if it is missing, then end
  --list           list topologies and say where the image is
  --clean          remove cached images that this version does not use
  --help           this text

Latency figures of an emulated board are meaningless as latency; everything else is real.`;

/** @type {readonly import('./emulated-board/index.mjs').ImageName[]} */
const imageNames = ['real-time', 'generic'];

/** @param {string | undefined} name */
function imageNamed(name) {
  const found = imageNames.find((known) => known === (name ?? 'real-time'));
  if (found === undefined) throw new TypeError(`There is no image “${name}”. There are: ${imageNames.join(', ')}.`);
  return found;
}

/** @param {string} text */
const say = (text) => { console.error(text); };

async function main() {
  const { values } = parseArgs({
    options: {
      image: { type: 'string' }, topology: { type: 'string' }, port: { type: 'string' }, keep: { type: 'string' }, watchdog: { type: 'boolean' }, internet: { type: 'boolean' },
      'build-only': { type: 'boolean' }, list: { type: 'boolean' }, clean: { type: 'boolean' }, help: { type: 'boolean' },
    },
  });
  if (values.help) console.log(help);
  else if (values.list) list();
  else if (values.clean) clean();
  else if (values['build-only']) await build(imageNamed(values.image));
  else await serve(values);
}

/** @param {import('./emulated-board/index.mjs').ImageName} image */
async function build(image) {
  console.log((await ensureBoardImage({ image, onProgress: say })).directory);
  if (image === 'generic') console.log((await ensureCloudImage({ onProgress: say })).directory);
}

/** @param {{ image?: string, topology?: string, port?: string, keep?: string, watchdog?: boolean, internet?: boolean }} values */
async function serve({ image, topology, port, keep, watchdog, internet }) {
  if (port !== undefined && !/^[1-9][0-9]{0,4}$/.test(port)) throw new Error('--port wants a port number.');
  const board = await startEmulatedBoard({
    image: imageNamed(image), onProgress: say, watchdog: watchdog === true, internet: internet === true, cloudImages: image === 'generic',
    ...(topology === undefined ? {} : { topology }), ...(port === undefined ? {} : { port: Number(port) }), ...(keep === undefined ? {} : { keep }),
  });
  console.log(`
The board answers after ${Math.round(board.bootMs / 1000)} s (${board.accelerator}).

  as root       ssh -i ${board.keyFile} -p ${board.port} root@127.0.0.1
  as ${board.user}      ssh -i ${board.keyFile} -p ${board.port} ${board.user}@127.0.0.1
  sudo password ${board.password}
  console       tail -f ${board.serialLog}
${board.cloudImage === null ? '' : `  cloud image   ${board.cloudImage.path} (on the board)\n`}
  add it        npm run -s cli -- board add emulated --address 127.0.0.1 --port ${board.port} --user ${board.user} --key ${board.keyFile}

Ctrl-C powers it off.`);
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (asked) void board.kill();
      else say('Powering off (once more: pull the plug).');
      if (!asked) void board.stop();
      asked = true;
    });
  }
  await board.ended;
  if (!asked) say('The board has powered itself off.');
}

function list() {
  for (const [name, topology] of Object.entries(topologies)) console.log(`${name.padEnd(14)} ${topology.title}, ${topology.memoryMiB} MiB${name === defaultTopology ? ' (default)' : ''}`);
  console.log('');
  for (const name of imageNames) {
    const current = existingImage(name);
    console.log(current === null ? `Image ${name}: none of this version in ${boardsDirectory()} yet.` : `Image ${name}: ${current.directory} (Debian ${current.suite}, built ${current.builtAt})`);
  }
  console.log(`Cloud image: ${existingCloudImage()?.directory ?? 'none of this version yet.'}`);
}

function clean() {
  const current = [...imageNames.map((name) => existingImage(name)?.directory), existingCloudImage()?.directory, baseDirectory()];
  for (const name of cachedImages()) {
    const directory = join(boardsDirectory(), name);
    if (current.includes(directory)) continue;
    rmSync(directory, { recursive: true });
    say(`Removed ${directory}`);
  }
}

function cachedImages() {
  try {
    return readdirSync(boardsDirectory()).filter((name) => /^(?:base-)?[0-9a-f]{12}$/.test(name));
  } catch {
    return [];
  }
}

main().catch((thrown) => {
  say(thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = thrown instanceof TypeError ? 2 : 1;
});
