/** Ways to do things that differ between distributions, as shell text without variables of a plan. */
export const generatorCommands = {
  'update-grub': [
    'if command -v update-grub >/dev/null 2>&1; then update-grub',
    'elif [ -d /boot/grub2 ]; then grub2-mkconfig -o /boot/grub2/grub.cfg',
    'else grub-mkconfig -o /boot/grub/grub.cfg; fi',
  ],
  initramfs: ['if command -v update-initramfs >/dev/null 2>&1; then update-initramfs -u; else dracut --force; fi'],
  'daemon-reload': ['systemctl daemon-reload'],
  'udev-reload': ['udevadm control --reload'],
} as const;

/**
 * Puts what is missing of `$1` (to add) and what is there of `$2` (to remove) into all entries of the RHEL family. Says
 * whether there is anything to do by its exit status; `$3` is a scratch file.
 */
export const kernelArgumentsDiffer = String.raw`kernel_arguments_differ() {
  grubby --info=ALL | sed -n 's/^args="\(.*\)"$/\1/p' >"$3"
  while IFS= read -r line; do
    for word in $1; do
      case " $line " in *" $word "*) ;; *) return 0 ;; esac
    done
    for there in $line; do
      case " $1 " in *" $there "*) continue ;; esac
      for word in $2; do
        case $there in "$word" | "$word="*) return 0 ;; esac
      done
    done
  done <"$3"
  return 1
}`;

/** The part of every exported script that does not depend on its plan. */
export const shellLibrary = String.raw`dry_run=no restart=no any_machine=no even_if_changed=no packages=
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=yes ;;
    --restart) restart=yes ;;
    --any-machine) any_machine=yes ;;
    --even-if-changed) even_if_changed=yes ;;
    --backups) [ $# -ge 2 ] || { usage >&2; exit 2; }; shift; backups=$1 ;;
    --packages) [ $# -ge 2 ] || { usage >&2; exit 2; }; shift; packages=$1 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

changes=0 pending=' ' restart_needed=no
say() { printf '%s\n' "$*"; }
stop() {
  printf 'Stopped: %s\nWhat was done before this stays; files as they were are in %s. The script may be run again.\n' "$*" "$backups" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Says what is about to change; fails when this is only a rehearsal.
begin() {
  changes=$((changes + 1))
  if [ "$dry_run" = yes ]; then say "  would $*"; return 1; fi
  [ -d "$backups" ] || { mkdir -p "$backups" && chmod 700 "$backups"; }
  say "  $*"
}
unchanged() { say "  as it should be: $*"; }
step() { say "$1. $2"; }

# Generators that have to follow, remembered over an interruption.
note_pending() {
  for generator do
    pending="$pending$generator "
    [ "$dry_run" = yes ] || : >"$backups/pending-$generator"
  done
}

# Keeps a file as it was found the first time.
keep() {
  if [ -e "$backups/files$1" ]; then return; fi
  if [ -e "$backups/absent" ] && grep -qxF -e "$1" "$backups/absent"; then return; fi
  if [ -e "$1" ]; then
    mkdir -p "$backups/files$(dirname "$1")"
    cp -p "$1" "$backups/files$1.part"
    mv "$backups/files$1.part" "$backups/files$1"
  else
    say "$1" >>"$backups/absent"
  fi
}
remember() { say "$*" >>"$backups/values"; }

# expect_file PATH EXPECTED: absent, any, or the SHA-256 of what may be there
expect_file() {
  if [ -L "$1" ]; then stop "$1 is a link; this script replaces files only"; fi
  if [ -e "$1" ] && [ ! -f "$1" ]; then stop "$1 is not a file"; fi
  found=absent
  if [ -e "$1" ]; then found=$(sha256sum <"$1" | cut -d ' ' -f 1); fi
  if [ "$2" = any ] || [ "$found" = "$2" ] || [ "$even_if_changed" = yes ]; then return; fi
  stop "$1 is not what it was when the plan was made. Look at it; --even-if-changed replaces it all the same"
}

# write_file PATH MODE OWNER ENCODING EXPECTED GENERATOR… <CONTENT; OWNER: as:is, or uid:gid
write_file() {
  path=$1 mode=$2 owner=$3 encoding=$4 expected=$5
  shift 5
  if [ "$encoding" = base64 ]; then base64 -d >"$work/new"; else cat >"$work/new"; fi
  if [ -f "$path" ] && [ ! -L "$path" ] && cmp -s "$work/new" "$path" && [ "$(stat -c %a "$path")" = "$mode" ]; then unchanged "$path"; return; fi
  if [ ! -f "$path" ] || ! cmp -s "$work/new" "$path"; then expect_file "$path" "$expected"; fi
  if begin "write $path"; then
    note_pending "$@"
    keep "$path"
    folder=$(dirname "$path")
    mkdir -p "$folder"
    if [ "$owner" = as:is ]; then
      owner=0:0
      if [ -e "$path" ]; then owner=$(stat -c %u:%g "$path"); fi
    fi
    cp "$work/new" "$folder/.rtvm-bench.new"
    chmod "$mode" "$folder/.rtvm-bench.new"
    chown "$owner" "$folder/.rtvm-bench.new"
    mv -f "$folder/.rtvm-bench.new" "$path"
    sync
    if have restorecon; then restorecon "$path" || :; fi
  else
    note_pending "$@"
  fi
}

# remove_file PATH EXPECTED GENERATOR…
remove_file() {
  path=$1 expected=$2
  shift 2
  if [ ! -e "$path" ] && [ ! -L "$path" ]; then unchanged "$path is not there"; return; fi
  expect_file "$path" "$expected"
  if begin "remove $path"; then
    note_pending "$@"
    keep "$path"
    rm -f "$path"
  else
    note_pending "$@"
  fi
}

# set_value PATH VALUE ANOTHER-WAY-IT-READS…
set_value() {
  path=$1 value=$2
  [ -e "$path" ] || stop "this kernel has no $path"
  now=$(cat "$path")
  shift
  for accepted do
    if [ "$now" = "$accepted" ]; then unchanged "$path is $now"; return; fi
  done
  if begin "set $path to $value (it is: $now)"; then
    remember "$path was $now"
    printf '%s\n' "$value" >"$path" || stop "the kernel does not take $value for $path"
  fi
}

# set_unit UNIT ENABLED ACTIVE, each of the latter yes, no or -
set_unit() {
  enabled=$(systemctl is-enabled "$1" 2>/dev/null || :)
  active=$(systemctl is-active "$1" 2>/dev/null || :)
  case $2:$enabled in
    yes:enabled* | yes:static | yes:alias | yes:indirect | yes:generated | yes:linked*) unchanged "$1 is $enabled" ;;
    no:disabled | no:masked* | no:static | no:indirect | no:not-found | no:) unchanged "$1 is not enabled" ;;
    yes:*) if begin "enable $1"; then remember "$1 was $enabled"; systemctl enable "$1"; fi ;;
    no:*) if begin "disable $1"; then remember "$1 was $enabled"; systemctl disable "$1"; fi ;;
  esac
  case $3:$active in
    yes:active | yes:activating | yes:reloading) unchanged "$1 is active" ;;
    yes:*) if begin "start $1"; then remember "$1 was $active"; systemctl start "$1"; fi ;;
    no:active | no:activating | no:reloading) if begin "stop $1"; then remember "$1 was $active"; systemctl stop "$1"; fi ;;
    no:*) unchanged "$1 is not active" ;;
  esac
}

# set_module MODULE yes|no
set_module() {
  folder=/sys/module/$(printf '%s' "$1" | tr - _)
  if [ "$2" = yes ]; then
    if [ -d "$folder" ]; then unchanged "$1 is loaded"; elif begin "load $1"; then modprobe "$1"; fi
  elif [ ! -d "$folder" ]; then unchanged "$1 is not loaded"
  elif begin "unload $1"; then modprobe -r "$1"
  fi
}

# set_group_member USER GROUP yes|no
set_group_member() {
  case " $(id -nG "$1") " in *" $2 "*) member=yes ;; *) member=no ;; esac
  if [ "$member" = "$3" ]; then unchanged "$1 in group $2: $member"
  elif [ "$3" = yes ]; then if begin "put $1 into group $2, from the next log-in on"; then remember "$1 was not in group $2"; gpasswd -a "$1" "$2"; fi
  elif begin "take $1 out of group $2"; then remember "$1 was in group $2"; gpasswd -d "$1" "$2"
  fi
}

# generate GENERATOR once|when-changed: once for this plan, or when files it reads were changed
generate() {
  case $2:$pending in
    *:*" $1 "*) ;;
    once:*) if [ -e "$backups/ran-$1" ]; then unchanged "$1 has run"; return; fi ;;
    *) if [ ! -e "$backups/pending-$1" ]; then unchanged "nothing for $1 to do"; return; fi ;;
  esac
  if begin "run $1"; then
    case $1 in
${Object.entries(generatorCommands).map(([name, lines]) => `      ${name})\n${lines.map((line) => `        ${line}`).join('\n')} ;;`).join('\n')}
    esac
    rm -f "$backups/pending-$1"
    : >"$backups/ran-$1"
  fi
}

# installed NAME or NAME=VERSION
installed() {
  if have dpkg-query; then
    found=$(dpkg-query -s "$(printf '%s' "$1" | cut -d = -f 1)" 2>/dev/null) || return 1
    printf '%s\n' "$found" | grep -q '^Status: .* installed$' || return 1
    version=$(printf '%s' "$1" | cut -s -d = -f 2)
    [ -z "$version" ] || printf '%s\n' "$found" | grep -qxF -e "Version: $version"
  else rpm -q "$(rpm_names "$1")" >/dev/null 2>&1
  fi
}
rpm_names() { printf '%s' "$1" | sed -e 's/=[0-9]*:/-/g' -e 's/=/-/g'; }

# install_packages sources|files PACKAGE…
install_packages() {
  from=$1 missing=
  shift
  for package do installed "$package" || missing="$missing $package"; done
  if [ -z "$missing" ]; then unchanged "$* installed"; return; fi
  if [ "$from" = files ] && [ -z "$packages" ]; then stop "the packages$missing come from files: give their folder with --packages"; fi
  if begin "install$missing"; then
    remember "not installed before:$missing"
    # Package names hold nothing that a shell would read otherwise; files are taken as the folder lists them.
    # shellcheck disable=SC2046,SC2086
    if [ -n "$packages" ]; then
      set +f
      if have apt-get; then DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=600 install "$packages"/*.deb; else dnf -y install "$packages"/*.rpm; fi
      set -f
    elif have apt-get; then
      apt-get update
      DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=600 install $missing
    else dnf -y install $(rpm_names "$missing")
    fi
  fi
}

remove_packages() {
  there=
  for package do if installed "$package"; then there="$there $package"; fi; done
  if [ -z "$there" ]; then unchanged "$* not installed"; return; fi
  if begin "remove$there"; then
    remember "installed before:$there"
    # shellcheck disable=SC2086
    if have apt-get; then DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=600 remove $there; else dnf -y remove $there; fi
  fi
}

${kernelArgumentsDiffer}
set_kernel_arguments() {
  have grubby || stop "there is no grubby here; the boot entries of this machine are kept another way"
  if ! kernel_arguments_differ "$1" "$2" "$work/entries"; then unchanged "arguments of all boot entries"; return; fi
  if begin "change the arguments of all boot entries: with [$1], without [$2]"; then
    if [ -d /boot/loader/entries ] && [ ! -d "$backups/boot-loader-entries" ]; then cp -Rp /boot/loader/entries "$backups/boot-loader-entries"; fi
    if [ -n "$2" ]; then grubby --update-kernel=ALL --remove-args="$2"; fi
    if [ -n "$1" ]; then grubby --update-kernel=ALL --args="$1"; fi
  fi
}

# came_back WORDS RELEASE: this start has these words on its command line, and this kernel
came_back() {
  [ -n "$1$2" ] || return 1
  line=$(cat /proc/cmdline)
  for word in $1; do
    case " $line " in *" $word "*) ;; *) return 1 ;; esac
  done
  [ -z "$2" ] || [ "$(uname -r)" = "$2" ]
}

grub_program() {
  program=$1
  shift
  if have "grub-$program"; then "grub-$program" "$@"; else "grub2-$program" "$@"; fi
}

# boot_once ENTRY WORDS RELEASE: the next start only; not when the machine already runs what that start would give
boot_once() {
  armed=$(grub_program editenv list | sed -n 's/^next_entry=//p')
  entry=$1
  [ -n "$entry" ] || entry='the default'
  if [ "$armed" = "$1" ]; then unchanged "the next start uses $entry"; return; fi
  if [ -n "$1" ] && came_back "$2" "$3"; then unchanged "this start is the one asked for"; return; fi
  if begin "let the next start use $entry"; then
    if [ -n "$1" ]; then grub_program reboot "$1"; else grub_program editenv - unset next_entry; fi
    [ "$(grub_program editenv list | sed -n 's/^next_entry=//p')" = "$1" ] || stop "the boot loader did not keep the entry for the next start"
  fi
}

# firmware_attribute DRIVER ATTRIBUTE VALUE
firmware_attribute() {
  class=/sys/class/firmware-attributes/$1
  file=$class/attributes/$2/current_value
  [ -e "$file" ] || stop "the firmware of this machine does not offer $2 through $1"
  now=$(cat "$file")
  if [ "$now" = "$3" ]; then unchanged "$2 is $now"; return; fi
  set +f
  for role in "$class"/authentication/*; do
    if [ "$(cat "$role/role" 2>/dev/null)" = bios-admin ] && [ "$(cat "$role/is_enabled" 2>/dev/null)" = 1 ]; then
      stop "the firmware is protected by a password, and no password is ever in a script: set $2 by hand or in RTVM Bench"
    fi
  done
  set -f
  if begin "set $2 of the firmware to $3 (it is: $now); takes effect with the next start"; then
    remember "firmware $2 was $now"
    printf '%s\n' "$3" >"$file" || stop "the firmware does not take $3 for $2"
    restart_needed=yes
  fi
}

# start_again WORDS RELEASE STEPS-LEFT
start_again() {
  boot=$(cat /proc/sys/kernel/random/boot_id)
  mark="$backups/start-$4"
  if came_back "$1" "$2" || { [ -z "$1$2" ] && [ -e "$mark" ] && [ "$(cat "$mark")" != "$boot" ]; }; then
    unchanged "started with what was asked for"
    return
  fi
  if [ "$dry_run" = yes ]; then say "  would start the machine again (only with --restart)"; restart_needed=yes; return; fi
  mkdir -p "$backups"
  if [ -z "$1$2" ]; then printf '%s\n' "$boot" >"$mark"; fi
  if [ "$restart" = yes ]; then restart_now; fi
  restart_needed=yes
  if [ "$3" -gt 0 ]; then
    say "The machine must be started again before the $3 steps that are left. Start it, then run this script again."
    exit 3
  fi
}

restart_now() {
  if have virsh; then
    running=$(virsh -c qemu:///system list --name 2>/dev/null | tr '\n' ' ' || :)
    case $running in *[!\ ]*) stop "these virtual machines run here and would end: $running" ;; esac
  fi
  say "Starting the machine again. Run this script once more afterwards: it says what has come of it."
  sync
  systemctl reboot
  exit 0
}

finish() {
  say ""
  if [ "$dry_run" = yes ]; then say "Rehearsal: $changes changes would be made; none was."
  elif [ "$changes" -eq 0 ]; then say "Everything is as it should be; nothing was changed."
  else say "$changes changes made. Files and values as they were: $backups"
  fi
  if [ "$restart_needed" = yes ]; then
    if [ "$restart" = yes ] && [ "$dry_run" = no ]; then restart_now; fi
    say "What was changed takes effect when the machine has started again."
  fi
}

[ "$(id -u)" = 0 ] || { printf 'This changes the machine as a whole: run it as root (sudo sh %s).\n' "$0" >&2; exit 1; }
if [ "$any_machine" = no ] && [ "$(cat /etc/machine-id 2>/dev/null)" != "$planned_machine" ]; then
  printf 'This was planned for another machine: %s. On machines of the same kind: --any-machine, after --dry-run.\n' "$planned_name" >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT`;
