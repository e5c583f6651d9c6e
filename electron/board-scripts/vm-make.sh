# Makes a virtual machine, a step at a call. Arguments: VERB NAME …
#   begin NAME OWNER STARTED UUID NETWORK PURPOSE   looks whether it can be made, and begins its record, or goes on with the one that the
#                          same owner left half made. Lines of facts, then: begun | busy … | exists domain | exists half | refused WHY …
#   info NAME IMAGE        qemu-img's JSON about an image
#   make NAME IMAGE FORMAT GIB DISK SEED USER_DATA META_DATA OSINFO WORD…  disk, seed and definition: done | refused WHY …
#                          OSINFO: names to be tried, with commas. WORD…: virt-install's arguments, in which @OSINFO@ is put in.
#   start NAME             started | refused start …
#   addresses NAME         `state STATE`, then `address ADDRESS` for each, then done
#   ready NAME             marks it as whole, and lets others have the board
#   stop NAME              ends what fetches its image, and lets others have the board
#   undo NAME              takes back a beginning that has made nothing
# Follows run-common.sh and vm-record.sh.
verb=$1

case $verb in
  begin)
    require_name "$2"
    owner=$3 new_start=$4 new_uuid=$5 network=$6 purpose=$7
    case $new_start in '' | *[!0-9TZ]*) say "refused bad-name"; exit 0 ;; esac
    missing=
    for tool in virsh virt-install qemu-img; do command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"; done
    iso=
    for tool in xorriso genisoimage mkisofs; do command -v "$tool" >/dev/null 2>&1 && { iso=$tool; break; }; done
    [ -n "$iso" ] || missing="$missing xorriso"
    if command -v apt-get >/dev/null 2>&1; then say "family apt"; else say "family dnf"; fi
    [ -z "$missing" ] || { say "refused missing$missing"; exit 0; }
    if ! said=$(libvirt list --all --name 2>&1); then say "refused no-libvirt $(printf '%s' "$said" | in_a_line)"; exit 0; fi
    if [ -f "$dir/made" ]; then
      phase=$(recorded phase)
      say "phase $phase"
      say "uuid $(recorded uuid)"
      say "owner $(recorded owner)"
      say "started $(recorded started)"
      sed -n 's/^file /file /p' "$dir/made"
      # Asked again because its answer was lost: this very beginning.
      if [ "$(recorded started)" != "$new_start" ]; then
        there=$(domain_uuid)
        if [ "$phase" = ready ] && [ -n "$there" ]; then say "exists domain"; exit 0; fi
        if [ -n "$there" ] && [ "$there" != "$(recorded uuid)" ]; then say "exists domain"; exit 0; fi
        [ "$(recorded owner)" = "$owner" ] || { say "exists half"; exit 0; }
        new_start=$(recorded started)
      fi
    elif libvirt domuuid "$name" >/dev/null 2>&1; then
      say "exists domain"
      exit 0
    fi
    if ! facts=$(libvirt net-info "$network" 2>/dev/null); then say "refused no-network $network"; exit 0; fi
    printf '%s\n' "$facts" | grep -q '^Active: *yes' || { say "refused network-off $network"; exit 0; }
    hold "$new_start" "$owner"
    image_directory
    umask 022
    if [ ! -f "$dir/made" ]; then
      mkdir -p "$dir" 2>/dev/null || { let_go "$new_start"; say "refused not-writable $dir"; exit 0; }
      # Whole or not at all: a record without its first lines would be nobody's.
      { printf 'name %s\nowner %s\nstarted %s\nuuid %s\ndirectory %s\npurpose %s\nphase begun\n' "$name" "$owner" "$new_start" "$new_uuid" "$directory" "$purpose" >"$dir/made.new" \
        && mv "$dir/made.new" "$dir/made" && sync; } 2>/dev/null || { rm -rf "$dir"; let_go "$new_start"; say "refused not-writable $dir"; exit 0; }
      say "phase begun"
      say "uuid $new_uuid"
      say "started $new_start"
    fi
    say "directory $(recorded directory)"
    say "free $(free_kib "$(recorded directory)")"
    if [ -n "$(domain_uuid)" ]; then say "domain yes"; fi
    say begun
    exit 0 ;;
esac

require_record "$2"

# What was made of the VM itself goes; its image stays, for the next attempt.
take_back() {
  [ "$(domain_uuid)" = "$(recorded uuid)" ] && libvirt undefine "$name" --nvram >/dev/null 2>&1
  rm -f "$disk" "$seed" "$dir/domain.xml" "$dir/worker" "$dir/fetcher"
  rm -rf "$dir/seed"
  record phase image
  say "refused $*"
  exit 0
}

make_iso() { case $tool in xorriso) xorriso -as mkisofs "$@" ;; *) "$tool" "$@" ;; esac; }

case $verb in
  info)
    qemu-img info -U --output=json "$3" 2>&1 ;;
  make)
    hold "$(recorded started)" "$(recorded owner)"
    image=$3 format=$4 gib=$5 disk=$6 seed=$7 user_data=$8 meta_data=$9
    shift 9
    osinfo=$1
    shift
    for file in "$disk" "$seed"; do
      if [ -e "$file" ] && ! is_recorded "file $file"; then say "refused file-there $file"; exit 0; fi
    done
    stop_worker
    # Asked again because its answer was lost.
    if [ "$(domain_uuid)" = "$(recorded uuid)" ]; then record phase defined; say 'done'; exit 0; fi
    start_time $$ && printf '%s %s %s\n' $$ "$started" "$boot" >"$dir/worker"
    rm -f "$disk" "$seed"

    record_file "$disk"
    said=$(qemu-img create -q -f qcow2 -b "$image" -F "$format" "$disk" "${gib}G" 2>&1) || take_back disk "$(printf '%s' "$said" | in_a_line)"
    chmod 600 "$disk"
    record phase disk

    record_file "$seed"
    umask 077
    mkdir -p "$dir/seed" && printf '%s' "$user_data" >"$dir/seed/user-data" && printf '%s' "$meta_data" >"$dir/seed/meta-data" || take_back seed "$dir/seed"
    for tool in xorriso genisoimage mkisofs; do command -v "$tool" >/dev/null 2>&1 && break; done
    # A volume of this name is what cloud-init looks for (NoCloud).
    said=$(make_iso -quiet -output "$seed" -volid cidata -joliet -rational-rock "$dir/seed/user-data" "$dir/seed/meta-data" 2>&1) || take_back seed "$(printf '%s' "$said" | in_a_line)"
    # It holds the user's hashed password: that is in the seed alone from now on.
    rm -rf "$dir/seed"
    record phase seed

    known=$(virt-install --os-variant list 2>/dev/null | tr ', ' '\n\n')
    system=generic
    rest=$osinfo,
    while [ -n "$rest" ]; do
      one=${rest%%,*}
      rest=${rest#*,}
      if printf '%s\n' "$known" | grep -qxF -- "$one"; then system=$one; break; fi
    done
    say "osinfo $system"
    # virt-install makes a pool of a folder that has none. It is ours then, by the folder.
    folder=${disk%/*}
    if [ -z "$(pools_at "$folder")" ] && ! is_recorded "pool $folder"; then record pool "$folder"; fi
    left=$#
    while [ "$left" -gt 0 ]; do
      word=$1
      shift
      [ "$word" != @OSINFO@ ] || word=$system
      set -- "$@" "$word"
      left=$((left - 1))
    done
    virt-install "$@" --print-xml >"$dir/domain.xml" 2>"$dir/said" || take_back define "$(in_a_line <"$dir/said")"
    [ "$(grep -c '<domain[ >]' "$dir/domain.xml")" = 1 ] || take_back define 'virt-install did not describe one machine'
    said=$(libvirt define "$dir/domain.xml" 2>&1) || take_back define "$(printf '%s' "$said" | in_a_line)"
    rm -f "$dir/domain.xml" "$dir/said" "$dir/worker" "$dir/fetcher"
    record phase defined
    say 'done' ;;
  start)
    case $(libvirt domstate "$name" 2>/dev/null) in
      running*) say started; exit 0 ;;
    esac
    if said=$(libvirt start "$name" 2>&1); then say started; else say "refused start $(printf '%s' "$said" | in_a_line)"; fi ;;
  addresses)
    still_held "$(recorded started)" "$(recorded owner)"
    say "state $(libvirt domstate "$name" 2>/dev/null | head -n 1)"
    for source in lease arp; do
      libvirt domifaddr "$name" --source "$source" 2>/dev/null | sed -n 's/^.* \(ipv4\|ipv6\) *\([0-9a-fA-F.:]*\).*$/address \2/p'
    done | sort -u
    say 'done' ;;
  ready)
    [ "$(recorded phase)" = ready ] || record phase ready
    let_go "$(recorded started)"
    say 'done' ;;
  stop)
    stop_worker
    let_go "$(recorded started)"
    say "phase $(recorded phase)"
    say 'done' ;;
  undo)
    stop_worker
    let_go "$(recorded started)"
    grep '^file ' "$dir/made" | while read -r key file; do
      case $file in *.part) remove_file "$file" ;; esac
    done
    phase=$(recorded phase)
    if [ "$phase" = begun ]; then phase=none; rm -rf "$dir"; rmdir "$vms" 2>/dev/null; fi
    say "phase $phase"
    say 'done' ;;
  *) exit 2 ;;
esac
exit 0
