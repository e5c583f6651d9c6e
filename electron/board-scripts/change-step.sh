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
{ printf '%s %s\n%s\n' "$change" "$(date +%s)" "$owner" >"$lock/by.new" && mv "$lock/by.new" "$lock/by"; } 2>/dev/null || say_failed not-writable "$lock"

before=$(state_of "$kind" "$target")
say "before $before"
if [ "$expected" != any ] && [ "$(printf '%s' "$before" | sha256sum | cut -d ' ' -f 1)" != "$expected" ]; then
  say moved
  exit 0
fi

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
  *) say_failed unknown-kind "$kind" ;;
esac
say "after $(state_of "$kind" "$target")"
say "done"
