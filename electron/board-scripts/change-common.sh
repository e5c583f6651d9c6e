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
    domain)
      # A password of its display is not shown without being asked for, and would be lost when it is defined again.
      if ! find_domain "$2"; then say "domain unread"
      elif [ -z "$uuid" ]; then say "domain absent"
      elif ! xml=$(libvirt dumpxml --inactive "$uuid") || ! secured=$(libvirt dumpxml --inactive --security-info "$uuid"); then say "domain unread"
      elif [ "$xml" != "$secured" ]; then say "domain secret"
      else say "domain is $(printf '%s\n' "$xml" | in_base64)"
      fi ;;
    network)
      if ! read_network "$2"; then say "network unread"
      elif [ -z "$network_there" ]; then say "network absent"
      elif [ "$network_persistent" != yes ]; then say "network is - $network_active no"
      elif ! xml=$(libvirt net-dumpxml --inactive "$2"); then say "network unread"
      else say "network is $(printf '%s\n' "$xml" | in_base64) $network_active $network_autostart"
      fi ;;
    group-member)
      # USER:GROUP
      case " $(id -nG "${2%%:*}" 2>/dev/null) " in *" ${2#*:} "*) say "group-member yes" ;; *) say "group-member no" ;; esac ;;
    schemata)
      # A resource's name
      found=
      { while read -r line; do case $line in "$2":*) found=$line ;; esac; done </sys/fs/resctrl/schemata; } 2>/dev/null
      if [ -n "$found" ]; then say "schemata is $(printf '%s' "$found" | in_base64)"; else say "schemata absent"; fi ;;
    *) say "unknown" ;;
  esac
}

# The system's libvirt, in nobody's language.
libvirt() { LC_ALL=C virsh -q -c qemu:///system "$@"; }

# The persistent VM of exactly this name: sets uuid, empty when there is none. Fails when libvirt does not answer.
find_domain() {
  uuid=
  names=$(libvirt list --all --persistent --name) || return 1
  printf '%s\n' "$names" | grep -qxF -e "$1" || return 0
  case $1 in
    *[!0-9]*) uuid=$(libvirt domuuid -- "$1") ;;
    *)
      # Digits would be taken for the number of a running VM.
      for candidate in $(libvirt list --all --persistent --uuid); do
        if [ "$(libvirt domname "$candidate")" = "$1" ]; then uuid=$candidate; fi
      done ;;
  esac
  [ -n "$uuid" ]
}

# What libvirt says of a network: sets network_there, network_persistent, network_active, network_autostart. Fails when it does not answer.
read_network() {
  network_there= network_persistent=no network_active=no network_autostart=no
  names=$(libvirt net-list --all --name) || return 1
  printf '%s\n' "$names" | grep -qxF -e "$1" || return 0
  network_there=yes
  told=$(libvirt net-info "$1") || return 1
  while read -r key word; do
    case $key in Persistent:) network_persistent=$word ;; Active:) network_active=$word ;; Autostart:) network_autostart=$word ;; esac
  done <<END_OF_NETWORK
$told
END_OF_NETWORK
}

# grub-NAME of Debian's family, grub2-NAME of Red Hat's.
grub_program() {
  program=$1
  shift
  if command -v "grub-$program" >/dev/null 2>&1; then "grub-$program" "$@"; else "grub2-$program" "$@"; fi
}
