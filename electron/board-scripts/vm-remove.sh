# Removes a virtual machine that was made from here, and exactly what its record names. Arguments: NAME OWNER. One that
# runs is switched off. Answers: `removed PATH` and `kept PATH` lines, then done | busy … | refused WHY …. Follows run-common.sh and vm-record.sh.
require_name "$1"
owner=$2
if [ ! -f "$dir/made" ]; then
  if libvirt domuuid "$name" >/dev/null 2>&1; then say "refused foreign"; else say "refused unknown"; fi
  exit 0
fi
there=$(domain_uuid)
ours=$(recorded uuid)
if [ -n "$there" ] && [ "$there" != "$ours" ]; then
  say "refused another $there"
  exit 0
fi
if [ -z "$there" ] && { ! command -v virsh >/dev/null 2>&1 || ! libvirt list --all --name >/dev/null 2>&1; }; then
  # Whether it is there cannot be told: its disk is not taken from under it.
  [ "$(recorded phase)" = begun ] || [ "$(recorded phase)" = image ] || { say "refused no-libvirt"; exit 0; }
fi
hold "$(recorded started)" "$owner"
stop_worker
# Broken off from here on, it is half made and named as that.
record phase begun
if [ -n "$there" ]; then
  case $(libvirt domstate "$name" 2>/dev/null) in
    'shut off'* | crashed*) ;;
    *) libvirt destroy "$name" >/dev/null 2>&1 ;;
  esac
  said=$(libvirt undefine "$name" --nvram --managed-save --snapshots-metadata --checkpoints-metadata 2>&1) || said=$(libvirt undefine "$name" --nvram --managed-save --snapshots-metadata 2>&1) \
    || said=$(libvirt undefine "$name" 2>&1) || { let_go "$(recorded started)"; say "refused undefine $(printf '%s' "$said" | in_a_line)"; exit 0; }
  say "removed domain $name"
fi
# Disks before what they are built on.
sed -n 's/^file //p' "$dir/made" | grep -v '/rtvm-bench-base-' | while IFS= read -r file; do remove_file "$file"; done
sed -n 's/^file //p' "$dir/made" | grep '/rtvm-bench-base-' | while IFS= read -r file; do remove_file "$file"; done
sed -n 's/^pool //p' "$dir/made" | while IFS= read -r folder; do
  for other in "$vms"/*/made; do
    # The next VM that was made there takes the pool over, and its removal.
    if [ "$other" != "$dir/made" ] && grep -qsF -- "file $folder/" "$other"; then printf 'pool %s\n' "$folder" >>"$other"; continue 2; fi
  done
  pools_at "$folder" | while IFS= read -r pool; do
    [ "$pool" != default ] || continue
    libvirt pool-destroy "$pool" >/dev/null 2>&1
    libvirt pool-undefine "$pool" >/dev/null 2>&1 && say "removed pool $pool"
  done
done
left=
for file in $(sed -n 's/^file //p' "$dir/made" | grep -v '/rtvm-bench-base-'); do [ ! -e "$file" ] || left=$file; done
started_at=$(recorded started)
if [ -n "$left" ]; then let_go "$started_at"; say "refused not-removed $left"; exit 0; fi
rm -rf "$dir"
rmdir "$vms" 2>/dev/null
let_go "$started_at"
say 'done'
exit 0
