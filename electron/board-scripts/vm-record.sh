# What the scripts that make and remove virtual machines share, after run-common.sh. They run as root. A VM of ours has a
# folder $base/vms/NAME with a record `made`: lines KEY VALUE, the later counts. Whatever is made is written there before.
vms=$base/vms
libvirt() { virsh -q -c qemu:///system "$@"; }

# A VM's name becomes a folder's name: anything but our own spelling is refused before it is used.
require_name() {
  case $1 in
    '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) say "refused bad-name"; exit 0 ;;
  esac
  name=$1
  dir=$vms/$name
}

require_record() {
  require_name "$1"
  [ -f "$dir/made" ] || { say "refused no-record"; exit 0; }
}

# record KEY VALUE…: kept even if the power goes the next moment.
record() {
  if ! { printf '%s\n' "$*" >>"$dir/made"; } 2>/dev/null; then say "refused not-writable $dir"; exit 0; fi
  { sync "$dir/made" || sync; } 2>/dev/null
}
recorded() { sed -n "s/^$1 //p" "$dir/made" | tail -n 1; }
is_recorded() { grep -qxF -- "$1" "$dir/made"; }
record_file() { is_recorded "file $1" || record file "$1"; }

# One line of what a program said, for the answer.
in_a_line() { tr '\n' ' ' | cut -c 1-600; }
size_of() { if [ -f "$1" ]; then bytes=$(wc -c <"$1"); say $((bytes)); else say 0; fi; }
free_kib() { df -Pk "$1" 2>/dev/null | { read -r heading; read -r device blocks used available rest; say "${available:-0}"; }; }

# The board is ours while a VM is made, as it is while settings are changed: nothing is measured meanwhile.
hold() {
  hold_id=$1 hold_owner=$2
  for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
    if read_lock "$holder" && alive "$lock_pid" "$lock_started" "$lock_boot"; then
      say "busy $lock_run $lock_epoch $lock_owner"
      exit 0
    fi
  done
  mkdir -p "$base" 2>/dev/null
  if ! mkdir "$base/changing" 2>/dev/null && read_change "$base" && change_is_fresh; then
    # What the same person left when the application ended is theirs to go on from.
    if [ "$change_owner" != "$hold_owner" ] || { [ "$change_id" != "$hold_id" ] && ! grep -qsxF "started $change_id" "$vms"/*/made; }; then
      say "busy $change_id $change_epoch $change_owner"
      exit 0
    fi
  fi
  still_held "$hold_id" "$hold_owner" || { say "refused not-writable $base/changing"; exit 0; }
}
still_held() {
  { change_mark "$1" "$2" >"$base/changing/by.new" && mv "$base/changing/by.new" "$base/changing/by"; } 2>/dev/null
}
let_go() {
  if read_change "$base" && [ "$change_id" = "$1" ]; then rm -rf "$base/changing"; fi
}

# What fetches an image goes on when the link is lost: it is ended before its work is taken up again, and before it the
# shell that would start it once more.
stop_worker() {
  for file in "$dir/fetcher" "$dir/worker"; do
    worker= worker_started= worker_boot=
    { read -r worker worker_started worker_boot <"$file"; } 2>/dev/null
    tries=0
    while alive "$worker" "$worker_started" "$worker_boot" && [ $tries -lt 50 ]; do
      kill "$worker" 2>/dev/null
      sleep 0.1 2>/dev/null || sleep 1
      tries=$((tries + 1))
    done
    rm -f "$file"
  done
}

# Where libvirt's default pool keeps disks; the usual place where there is no such pool.
image_directory() {
  directory=
  if pool=$(libvirt pool-dumpxml default 2>/dev/null); then
    case $pool in
      *"<pool type='dir'"*) directory=$(printf '%s\n' "$pool" | sed -n 's/^ *<path>\(\/[^<&]*\)<\/path>$/\1/p' | head -n 1) ;;
    esac
  fi
  directory=${directory:-/var/lib/libvirt/images}
}
# Names of pools whose folder is $1.
pools_at() {
  libvirt pool-list --all --name 2>/dev/null | while read -r pool; do
    [ -n "$pool" ] && libvirt pool-dumpxml "$pool" 2>/dev/null | grep -qF "<path>$1</path>" && printf '%s\n' "$pool"
  done
}

# Of the domain of this name; nothing when there is none.
domain_uuid() { libvirt domuuid "$name" 2>/dev/null | tr -d ' \n'; }

# Removes a file of the record, unless another VM of ours, or a disk beside it, is built on it.
remove_file() {
  case $1 in /*) ;; *) return 0 ;; esac
  [ -e "$1" ] || [ -L "$1" ] || return 0
  for other in "$vms"/*/made; do
    [ "$other" = "$dir/made" ] || ! grep -qsxF -- "file $1" "$other" || { say "kept $1"; return 0; }
  done
  case ${1##*/} in
    rtvm-bench-base-*)
      for disk in "${1%/*}"/*; do
        [ -f "$disk" ] && [ "$disk" != "$1" ] || continue
        if qemu-img info -U --output=json "$disk" 2>/dev/null | grep -qF "\"full-backing-filename\": \"$1\""; then say "kept $1"; return 0; fi
      done ;;
  esac
  rm -f -- "$1" && say "removed $1"
}
