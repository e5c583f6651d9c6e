# Does one step of a change. Arguments: CHANGE OWNER NUMBER EXPECTED KIND TARGET, then what the kind needs.
# EXPECTED: SHA-256 of the state the target must be in, or `any`. Answers, last line first word:
# busy ID EPOCH OWNER | moved | done | failed WHY; before it `before STATE` and, when it acted, `after STATE`.
change=$1 owner=$2 number=$3 expected=$4 kind=$5 target=$6
shift 6
case $change in '' | *[!0-9TZ]*) say "failed bad-id"; exit 0 ;; esac

say_failed() {
  # What a program said comes first on standard error; the answer stays one line.
  say "after $(state_of "$kind" "$target")"
  say "failed $*"
  exit 0
}

# Nothing is changed under a measurement, nor beside another engineer's change.
for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
  if read_lock "$holder" && alive "$lock_pid" "$lock_started" "$lock_boot"; then
    say "busy $lock_run $lock_epoch $lock_owner"
    exit 0
  fi
done
umask 022
lock=$base/changing
mkdir -p "$base" || say_failed not-writable "$base"
if ! mkdir "$lock" 2>/dev/null; then
  if read_change "$base" && [ "$change_id" != "$change" ] && change_is_fresh; then
    say "busy $change_id $change_epoch $change_owner"
    exit 0
  fi
fi
{ change_mark "$change" "$owner" >"$lock/by.new" && mv "$lock/by.new" "$lock/by"; } 2>/dev/null || say_failed not-writable "$lock"

before=$(state_of "$kind" "$target")
say "before $before"
if [ "$expected" != any ] && [ "$(printf '%s' "$before" | sha256sum | cut -d ' ' -f 1)" != "$expected" ]; then
  say moved
  exit 0
fi

case $before in
  *' unread') say_failed libvirt-silent ;;
  'domain secret') say_failed domain-secret "$target" ;;
esac

write_file() {
  folder=${target%/*}
  [ -n "$folder" ] || folder=/
  mkdir -p "$folder" || say_failed not-writable "$folder"
  new=$folder/.rtvm-bench.$$
  printf '%s' "$1" | base64 -d >"$new" || { rm -f "$new"; say_failed not-written "$target"; }
  chmod "$2" "$new" && chown "$3" "$new" || { rm -f "$new"; say_failed not-written "$target"; }
  { sync "$new" || sync; } 2>/dev/null
  mv -f "$new" "$target" || { rm -f "$new"; say_failed not-written "$target"; }
  { sync "$folder" || sync; } 2>/dev/null
  if command -v restorecon >/dev/null 2>&1; then restorecon "$target" 2>/dev/null; fi
}

# A copy stays on the board, for a person at its console.
keep_copy() {
  [ -f "$target" ] || return 0
  kept=$base/changes/$change
  mkdir -p "$kept" || return 0
  [ -e "$kept/$number" ] || { cp -p "$target" "$kept/$number" && printf '%s\n' "$target" >"$kept/$number.path"; }
}

# The same for a definition, which only root may read.
keep_text() {
  kept=$base/changes/$change
  mkdir -p "$kept" || return 0
  [ -e "$kept/$number" ] || (umask 077; printf '%s' "$1" | base64 -d >"$kept/$number") && printf '%s\n' "$kind $target" >"$kept/$number.path"
}

# hand_over BASE64 COMMAND…: a definition is handed over as a file that only root may read
hand_over() {
  definition=$lock/definition.xml
  (umask 077; printf '%s' "$1" | base64 -d >"$definition") || { rm -f "$definition"; say_failed not-written "$definition"; }
  shift
  libvirt "$@" "$definition" >&2
  handed=$?
  rm -f "$definition"
  return "$handed"
}

case $kind in
  file)
    # absent | present CONTENT MODE OWNER
    keep_copy
    if [ "$1" = absent ]; then
      rm -f "$target" || say_failed not-removed "$target"
      # A folder of ours goes with its last file.
      case ${target%/*} in */rtvm-bench) rmdir "${target%/*}" 2>/dev/null ;; esac
    else
      write_file "$2" "$3" "$4"
    fi ;;
  value)
    [ -e "$target" ] || say_failed absent "$target"
    { printf '%s\n' "$1" >"$target"; } || say_failed value-refused "$target" ;;
  unit)
    # ENABLED ACTIVE: yes, no or -
    case $1 in yes) systemctl --quiet enable "$target" || say_failed unit-refused "$target" ;; no) systemctl --quiet disable "$target" || say_failed unit-refused "$target" ;; esac
    case $2 in yes) systemctl start "$target" || say_failed unit-refused "$target" ;; no) systemctl stop "$target" || say_failed unit-refused "$target" ;; esac ;;
  module)
    if [ "$1" = yes ]; then modprobe "$target" || say_failed module-refused "$target"; else modprobe -r "$target" || say_failed module-refused "$target"; fi ;;
  generate)
    case $target in
      update-grub)
        if command -v update-grub >/dev/null 2>&1; then update-grub >&2
        elif [ -d /boot/grub2 ]; then grub2-mkconfig -o /boot/grub2/grub.cfg >&2
        else grub-mkconfig -o /boot/grub/grub.cfg >&2
        fi || say_failed generator-failed update-grub ;;
      initramfs)
        if command -v update-initramfs >/dev/null 2>&1; then update-initramfs -u >&2; else dracut --force >&2; fi || say_failed generator-failed initramfs ;;
      daemon-reload) systemctl daemon-reload || say_failed generator-failed daemon-reload ;;
      udev-reload) udevadm control --reload || say_failed generator-failed udev-reload ;;
    esac ;;
  kernel-arguments)
    # REMOVE ADD: words separated by spaces, none of which means anything to grubby but itself
    set -- "$1" "$2"
    if [ -n "$1" ] && [ -n "$2" ]; then grubby --update-kernel=ALL --remove-args="$1" --args="$2"
    elif [ -n "$1" ]; then grubby --update-kernel=ALL --remove-args="$1"
    else grubby --update-kernel=ALL --args="$2"
    fi || say_failed grubby-failed ;;
  boot-once)
    if [ -n "$1" ]; then grub_program reboot "$1" || say_failed boot-once-refused
    else grub_program editenv unset next_entry 2>/dev/null || grub_program editenv - unset next_entry || say_failed boot-once-refused
    fi ;;
  firmware-attribute)
    { printf '%s\n' "$1" >"/sys/class/firmware-attributes/${target%%/*}/attributes/${target#*/}/current_value"; } || say_failed attribute-refused "$target" ;;
  domain)
    # absent | present XML
    case $before in 'domain is '*) keep_text "${before#domain is }" ;; esac
    if [ "$1" = present ]; then
      # Unvalidated, libvirt drops what it does not know without a word.
      hand_over "$2" define --validate || say_failed definition-refused "$target"
    elif find_domain "$target" && [ -n "$uuid" ]; then
      # Its disks stay, and so do the variables of its firmware and what its TPM holds.
      set -- undefine "$uuid" --keep-nvram
      case $(libvirt help undefine) in *--keep-tpm*) set -- "$@" --keep-tpm ;; esac
      libvirt "$@" >&2 || say_failed definition-kept "$target"
    fi ;;
  network)
    # define|keep|undefine XML ACTIVE AUTOSTART
    case $before in 'network is - '*) ;; 'network is '*) kept_words=${before#network is }; keep_text "${kept_words%% *}" ;; esac
    if [ "$1" = define ]; then
      case $(libvirt help net-define) in *--validate*) hand_over "$2" net-define --validate ;; *) hand_over "$2" net-define ;; esac || say_failed definition-refused "$target"
    fi
    read_network "$target" || say_failed libvirt-silent
    if [ "$4" != "$network_autostart" ] && [ "$network_persistent" = yes ]; then
      if [ "$4" = yes ]; then libvirt net-autostart "$target" >&2; else libvirt net-autostart --disable "$target" >&2; fi || say_failed network-refused "$target"
    fi
    if [ "$3" != "$network_active" ]; then
      if [ "$3" = yes ]; then libvirt net-start "$target" >&2; else libvirt net-destroy "$target" >&2; fi || say_failed network-refused "$target"
    fi
    if [ "$1" = undefine ] && [ "$network_persistent" = yes ]; then libvirt net-undefine "$target" >&2 || say_failed definition-kept "$target"; fi ;;
  group-member)
    # yes | no
    user=${target%%:*} group=${target#*:}
    if command -v gpasswd >/dev/null 2>&1; then
      if [ "$1" = yes ]; then gpasswd -a "$user" "$group" >&2; else gpasswd -d "$user" "$group" >&2; fi
    elif [ "$1" = yes ]; then addgroup "$user" "$group" >&2
    else delgroup "$user" "$group" >&2
    fi || say_failed group-refused "$target" ;;
  schemata)
    # LINE. The kernel says only here why it refuses one.
    [ -e /sys/fs/resctrl/schemata ] || say_failed no-resctrl
    { printf '%s\n' "$1" >/sys/fs/resctrl/schemata; } 2>/dev/null || { cat /sys/fs/resctrl/info/last_cmd_status >&2; say_failed schemata-refused "$1"; } ;;
  *) say_failed unknown-kind "$kind" ;;
esac
say "after $(state_of "$kind" "$target")"
say "done"
