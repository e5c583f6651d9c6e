#!/bin/sh
# Stands in for `virsh -c qemu:///system` where no libvirt daemon runs. The real virsh reads and writes the XML (its test
# driver forgets everything when it ends); what it gives back is kept in the folder of this script:
#   store/domains/UUID.{name,xml,secured}  store/networks/NAME.{xml,active,autostart}  store/silent (no daemon answers)
# REAL_VIRSH is replaced when it is put in place.
store=${0%/*}/store
domains=$store/domains networks=$store/networks
refuse() { printf 'error: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in -q) shift ;; -c) [ "$2" = qemu:///system ] || refuse "unexpected connection $2"; shift 2 ;; *) break ;; esac
done
verb=$1
shift
printf '%s\n' "$verb $*" >>"$store/calls"
[ ! -e "$store/silent" ] || { [ "$verb" = help ] || refuse "failed to connect to the hypervisor
error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory"; }
last=
for word; do last=$word; done

known() { [ -e "$domains/$1.xml" ] || refuse "failed to get domain '$1'"; }

# through_test_driver KIND FILE [--validate]: what libvirt makes of a definition; sets name
through_test_driver() {
  prefix=
  [ "$1" = network ] && prefix=net-
  validate=
  case " $* " in *' --validate '*) validate=--validate ;; esac
  name=$(sed -n 's/.*<name>\(.*\)<\/name>.*/\1/p' "$2" | head -n 1 | sed -e 's/&apos;/'"'"'/g' -e 's/&quot;/"/g' -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&amp;/\&/g')
  # The test driver begins with a network of this name.
  free=
  [ "$1$name" = networkdefault ] && free='net-destroy default; net-undefine default;'
  said=$(REAL_VIRSH -q -c test:///default "$free ${prefix}define $2 $validate" 2>&1) || { printf '%s\n' "$said" >&2; exit 1; }
  quoted=$(printf '%s' "$name" | sed "s/'/'\\\\''/g")
  for security in '' --security-info; do
    inactive=--inactive
    # It knows networks that are not running one way only.
    if [ "$1" = network ]; then inactive= security=; fi
    REAL_VIRSH -q -c test:///default "$free ${prefix}define $2 $validate; ${prefix}dumpxml $inactive $security '$quoted'" | sed -n "/^<$1/,\$p" >"$store/made$security"
  done
}

case $verb in
  list)
    for file in "$domains"/*.name; do
      [ -e "$file" ] || continue
      case " $* " in
        *' --uuid '*) uuid=${file##*/}; printf '%s\n' "${uuid%.name}" ;;
        *' --all '*) cat "$file" ;;
      esac
    done
    echo ;;
  domuuid)
    for file in "$domains"/*.name; do
      [ -e "$file" ] && [ "$(cat "$file")" = "$last" ] && { uuid=${file##*/}; printf '%s\n\n' "${uuid%.name}"; exit 0; }
    done
    refuse "failed to get domain '$last'" ;;
  domname) known "$last"; cat "$domains/$last.name"; echo ;;
  dumpxml)
    known "$last"
    case " $* " in *' --security-info '*) cat "$domains/$last.secured" ;; *) cat "$domains/$last.xml" ;; esac ;;
  define)
    through_test_driver domain "$last" "$@"
    uuid=$(sed -n 's/^  <uuid>\(.*\)<\/uuid>$/\1/p' "$store/made" | head -n 1)
    for file in "$domains"/*.name; do
      if [ -e "$file" ] && [ "$(cat "$file")" = "$name" ] && [ "$file" != "$domains/$uuid.name" ]; then
        old=${file##*/}
        refuse "Failed to define domain from $last
error: operation failed: domain '$name' already exists with uuid ${old%.name}"
      fi
    done
    mkdir -p "$domains"
    printf '%s\n' "$name" >"$domains/$uuid.name"
    mv "$store/made" "$domains/$uuid.xml"
    mv "$store/made--security-info" "$domains/$uuid.secured"
    echo "Domain '$name' defined from $last" ;;
  undefine)
    known "$1"
    if grep -q '<nvram' "$domains/$1.xml"; then
      case " $* " in *' --keep-nvram '*) ;; *) refuse 'Failed to undefine domain: Requested operation is not valid: cannot undefine domain with nvram' ;; esac
    fi
    rm -f "$domains/$1.name" "$domains/$1.xml" "$domains/$1.secured" ;;
  net-list)
    for file in "$networks"/*.xml; do [ -e "$file" ] && basename "$file" .xml; done
    echo ;;
  net-info)
    [ -e "$networks/$last.xml" ] || refuse "failed to get network '$last'"
    yes_if() { if [ -e "$1" ]; then echo yes; else echo no; fi; }
    printf 'Name:           %s\nActive:         %s\nPersistent:     yes\nAutostart:      %s\n\n' "$last" "$(yes_if "$networks/$last.active")" "$(yes_if "$networks/$last.autostart")" ;;
  net-dumpxml) cat "$networks/$last.xml" ;;
  net-define)
    through_test_driver network "$last" "$@"
    mkdir -p "$networks"
    mv "$store/made" "$networks/$name.xml" ;;
  net-start)
    [ ! -e "$store/dnsmasq-missing" ] || refuse "Failed to start network $last
error: Cannot check dnsmasq binary /usr/sbin/dnsmasq: No such file or directory"
    : >"$networks/$last.active" ;;
  net-destroy) rm "$networks/$last.active" ;;
  net-autostart) case " $* " in *' --disable '*) rm -f "$networks/$last.autostart" ;; *) : >"$networks/$last.autostart" ;; esac ;;
  net-undefine) rm "$networks/$last.xml"; rm -f "$networks/$last.autostart" ;;
  help) REAL_VIRSH help "$last" ;;
  *) refuse "unknown command: '$verb'" ;;
esac
