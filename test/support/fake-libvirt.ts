import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * virsh, virt-install and xorriso that keep what they are told in a folder, in front of the real programs. They know one
 * host with a default pool and a network. Any of them can be held at a command, to look at a moment from outside.
 */
export interface FakeLibvirt {
  /** For PATH: these programs first. */
  readonly path: string;
  /** The default pool's folder. */
  readonly images: string;
  /** Commands as they were called, words joined by spaces. */
  calls(): string[];
  /** virt-install's arguments of its last call that made a definition. */
  installArguments(): string[];
  domains(): string[];
  defineForeign(name: string, disk: string): void;
  network(state: 'yes' | 'no' | null): void;
  pool(there: boolean): void;
  /** The program waits at this command (`virsh define`, `qemu-img create` …) until `release`. */
  hold(command: string): void;
  isHeld(): boolean;
  release(): void;
  /** The command fails with these words. */
  fail(command: string, words: string): void;
  heal(): void;
  without(program: string): void;
  stop(): void;
}

const common = `S=__STATE__
me=\${0##*/}
spell() { printf '%s' "$1" | tr -c 'A-Za-z0-9\\n' '_'; }
gate() {
  printf '%s\\n' "$me $*" >>"$S/calls"
  key=$(spell "$me $1")
  if [ -e "$S/fail-$key" ]; then cat "$S/fail-$key" >&2; exit 1; fi
  if [ -e "$S/hold-$key" ]; then : >"$S/held"; read -r word <"$S/go"; fi
}
`;

const virsh = `${common}
while :; do case $1 in -q) shift ;; -c) shift 2 ;; *) break ;; esac; done
gate "$@"
need() { [ -e "$S/domains/$1/xml" ] || { echo "error: failed to get domain '$1'" >&2; exit 1; }; }
case $1 in
  list) for d in "$S"/domains/*/; do [ -e "\${d}xml" ] || continue; d=\${d%/}; case "$*" in *--uuid*) cat "$d/uuid" ;; *) echo "\${d##*/}" ;; esac; done ;;
  domuuid) need "$2"; cat "$S/domains/$2/uuid" ;;
  domname) for d in "$S"/domains/*/; do grep -qxF "$2" "\${d}uuid" && { d=\${d%/}; echo "\${d##*/}"; }; done ;;
  domstate) need "$2"; cat "$S/domains/$2/state" ;;
  domblklist) echo ' file   disk     vda      a' ;;
  dumpxml) if [ -e "$S/domains/$2/xml" ]; then cat "$S/domains/$2/xml"; else for d in "$S"/domains/*/; do grep -qxF "$2" "\${d}uuid" && cat "\${d}xml"; done; fi ;;
  net-info) [ -e "$S/network" ] || { echo "error: failed to get network '$2'" >&2; exit 1; }; printf 'Name:           %s\\nActive:         %s\\n' "$2" "$(cat "$S/network")" ;;
  pool-list) for p in "$S"/pools/*; do [ -e "$p" ] && echo "\${p##*/}"; done ;;
  pool-dumpxml) [ -e "$S/pools/$2" ] || { echo "error: failed to get pool '$2'" >&2; exit 1; }; printf "<pool type='dir'>\\n  <target>\\n    <path>%s</path>\\n  </target>\\n</pool>\\n" "$(cat "$S/pools/$2")" ;;
  pool-destroy) ;;
  pool-undefine) rm -f "$S/pools/$2" ;;
  define)
    name=$(sed -n 's/.*<name>\\(.*\\)<\\/name>.*/\\1/p' "$2" | head -n 1)
    mkdir -p "$S/domains/$name"
    sed -n 's/.*<uuid>\\(.*\\)<\\/uuid>.*/\\1/p' "$2" >"$S/domains/$name/uuid"
    echo 'shut off' >"$S/domains/$name/state"
    cp "$2" "$S/domains/$name/xml" ;;
  start) need "$2"; echo running >"$S/domains/$2/state" ;;
  destroy) need "$2"; echo 'shut off' >"$S/domains/$2/state" ;;
  undefine) need "$2"; case "$*" in *--checkpoints-metadata*) echo 'error: command undefine doesn'"'"'t support option --checkpoints-metadata' >&2; exit 1 ;; esac; rm -rf "$S/domains/$2" ;;
  domifaddr) [ "$(cat "$S/domains/$2/state")" = running ] && case "$*" in *lease*) echo ' vnet0      52:54:00:aa:bb:cc    ipv4         127.0.0.1/24' ;; esac ;;
  *) echo "fake virsh does not know: $*" >&2; exit 1 ;;
esac
exit 0
`;

const virtInstall = `${common}
if [ "$2" = list ]; then printf 'generic\\nlinux2020\\nlinux2022\\ndebian11, debianbullseye\\n'; exit 0; fi
printf '%s\\n' "$@" >"$S/install-arguments"
gate make
name= uuid= disks=
while [ $# -gt 0 ]; do
  case $1 in
    --name) name=$2; shift ;;
    --metadata) uuid=\${2#uuid=}; shift ;;
    --disk) path=\${2#path=}; disks="$disks<disk><source file='\${path%%,*}'/></disk>"; folder=\${path%/*}; shift ;;
  esac
  shift
done
grep -qxF "$folder" "$S"/pools/* 2>/dev/null || printf '%s\\n' "$folder" >"$S/pools/\${folder##*/}"
printf '<domain type="kvm">\\n  <name>%s</name>\\n  <uuid>%s</uuid>\\n  <devices>%s</devices>\\n</domain>\\n' "$name" "$uuid" "$disks"
`;

const xorriso = `${common}
gate make
while [ $# -gt 2 ]; do [ "$1" != -output ] || output=$2; shift; done
cat "$1" "$2" >"$output"
`;

const qemuImg = `${common}
gate "$@"
exec /usr/bin/qemu-img "$@"
`;

export function startFakeLibvirt(): FakeLibvirt {
  const scratch = mkdtempSync(join(tmpdir(), 'rtvm-libvirt-'));
  chmodSync(scratch, 0o755);
  const [state, programs, images] = [join(scratch, 'state'), join(scratch, 'bin'), join(scratch, 'images')];
  for (const folder of [state, programs, images, join(state, 'domains'), join(state, 'pools')]) mkdirSync(folder);
  execFileSync('mkfifo', [join(state, 'go')]);
  for (const [name, text] of Object.entries({ 'virsh': virsh, 'virt-install': virtInstall, xorriso, 'qemu-img': qemuImg })) {
    writeFileSync(join(programs, name), `#!/bin/sh\n${text.replaceAll('__STATE__', state)}`, { mode: 0o755 });
  }
  const file = (name: string): string => join(state, name);
  const keyOf = (command: string): string => command.replaceAll(/[^A-Za-z0-9]/g, '_');
  const lines = (name: string): string[] => (existsSync(file(name)) ? readFileSync(file(name), 'utf8').trimEnd().split('\n') : []);
  const fake: FakeLibvirt = {
    path: `${programs}:/usr/bin:/bin:/usr/sbin:/sbin`, images,
    calls: () => lines('calls'),
    installArguments: () => lines('install-arguments'),
    domains: () => readdirSync(file('domains')),
    defineForeign: (name, disk) => {
      mkdirSync(join(file('domains'), name));
      writeFileSync(join(file('domains'), name, 'uuid'), `${randomUUID()}\n`);
      writeFileSync(join(file('domains'), name, 'state'), 'running\n');
      writeFileSync(join(file('domains'), name, 'xml'), `<domain><devices><disk><source file='${disk}'/></disk></devices></domain>\n`);
    },
    network: (active) => { if (active === null) rmSync(file('network'), { force: true }); else writeFileSync(file('network'), active); },
    pool: (there) => { if (there) writeFileSync(join(file('pools'), 'default'), images); else rmSync(join(file('pools'), 'default'), { force: true }); },
    hold: (command) => { writeFileSync(file(`hold-${keyOf(command)}`), ''); },
    isHeld: () => existsSync(file('held')),
    release: () => {
      for (const name of readdirSync(state).filter((one) => one.startsWith('hold-'))) rmSync(file(name));
      if (!existsSync(file('held'))) return;
      rmSync(file('held'));
      // Without a reader it would wait for one.
      execFileSync('sh', ['-c', 'exec 3<>"$1"; echo go >&3; sleep 0.1', 'sh', file('go')]);
    },
    fail: (command, words) => { writeFileSync(file(`fail-${keyOf(command)}`), `${words}\n`); },
    heal: () => { for (const name of readdirSync(state).filter((one) => one.startsWith('fail-'))) rmSync(file(name)); },
    without: (program) => { rmSync(join(programs, program)); },
    stop: () => { rmSync(scratch, { recursive: true, force: true }); },
  };
  fake.network('yes');
  fake.pool(true);
  return fake;
}
