# Tells how a run stands. Arguments: ID LOCAL_BYTES, the length of the copy that the asker has.
id=$1 local_bytes=$2
require_id "$id"
dir=$base/runs/$id
say "boot $boot"
if [ ! -d "$dir" ]; then say "state none"; exit 0; fi
read_runner "$dir"
running=
alive "$runner_pid" "$runner_started" "$runner_boot" && running=1
if [ ! -e "$dir/journal" ]; then
  if [ -n "$running" ] || [ ! -e "$dir/runner" ]; then say "state starting"; else say "state none"; fi
  exit 0
fi
# Read after the runner was looked at: a run that ends in between is then seen as ended, never as dead.
last=$(tail -n 1 "$dir/journal")
case $last in
  'end '*' ;') say "state ended" ;;
  *) if [ -n "$running" ]; then say "state running"
     elif [ "$runner_boot" != "$boot" ]; then say "state rebooted"
     else
       # A runner without the room for its last words ends without them.
       available=$(df -Pk "$dir" | { read -r heading; read -r device blocks used available rest; say "${available:-0}"; })
       if [ "${available:-0}" -lt 64 ]; then say "state disk-full"; else say "state killed"; fi
     fi ;;
esac
size=$(wc -c <"$dir/journal")
say "size $((size))"
if [ "$local_bytes" -gt 0 ] && [ "$local_bytes" -le "$size" ]; then
  sum=$(head -c "$local_bytes" "$dir/journal" | sha256sum)
  say "prefix ${sum%% *}"
fi
