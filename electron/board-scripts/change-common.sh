# What the scripts of a change share, after run-common.sh. They run as root; everything of ours is below $base.

in_base64() { base64 | tr -d '\n'; }

# Every state is one line whose first word is the kind; anything that may hold spaces or odd bytes is base64.
state_of() {
  case $1 in
    file)
      if [ -L "$2" ]; then say "file link"
      elif [ ! -e "$2" ]; then say "file absent"
      elif [ ! -f "$2" ]; then say "file other"
      else say "file regular $(stat -c '%a %u:%g' "$2") $(in_base64 <"$2")"
      fi ;;
    value)
      if [ -e "$2" ] && read_value=$(cat "$2" 2>/dev/null && printf .); then
        say "value is $(printf '%s' "${read_value%.}" | in_base64)"
      else say "value absent"
      fi ;;
    unit)
      load= enabled= active=
      while IFS='=' read -r key word; do
        case $key in LoadState) load=$word ;; UnitFileState) enabled=$word ;; ActiveState) active=$word ;; esac
      done <<END_OF_UNIT
$(systemctl show -p LoadState -p UnitFileState -p ActiveState "$2" 2>/dev/null)
END_OF_UNIT
      if [ "$load" = not-found ] || [ -z "$load" ]; then enabled=not-found; fi
      say "unit ${enabled:-none} ${active:-unknown}" ;;
    module)
      if [ -d "/sys/module/$(printf '%s' "$2" | tr - _)" ]; then say "module yes"; else say "module no"; fi ;;
    generate) say generate ;;
    kernel-arguments) say "kernel-arguments $(grubby --info=ALL 2>/dev/null | in_base64)" ;;
    boot-once)
      entry=$(grub_program editenv list 2>/dev/null | sed -n 's/^next_entry=//p')
      if [ -n "$entry" ]; then say "boot-once is $(printf '%s' "$entry" | in_base64)"; else say "boot-once none"; fi ;;
    firmware-attribute)
      attributes=/sys/class/firmware-attributes/${2%%/*}/attributes
      pending=0
      { read -r pending <"$attributes/pending_reboot"; } 2>/dev/null
      if value=$(cat "$attributes/${2#*/}/current_value" 2>/dev/null); then
        say "firmware-attribute $pending is $(printf '%s' "$value" | in_base64)"
      else say "firmware-attribute $pending absent"
      fi ;;
    *) say "unknown" ;;
  esac
}

# grub-NAME of Debian's family, grub2-NAME of Red Hat's.
grub_program() {
  program=$1
  shift
  if command -v "grub-$program" >/dev/null 2>&1; then "grub-$program" "$@"; else "grub2-$program" "$@"; fi
}
