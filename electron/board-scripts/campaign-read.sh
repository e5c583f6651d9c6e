# Tells how this board's part of a campaign stands. Arguments: ID FROM, the first byte of its log that is wanted.
# Answers: state none|laid|running|ended|killed|rebooted, size N, then a line `log` and the log from there on.
id=$1 from=$2
require_id "$id"
dir=$base/campaigns/$id
if [ ! -d "$dir" ]; then say "state none"; exit 0; fi
if [ ! -e "$dir/log" ]; then say "state laid"; exit 0; fi
read_runner "$dir"
running=
alive "$runner_pid" "$runner_started" "$runner_boot" && running=1
# Read after the worker was looked at: one that ends in between is then seen as ended, never as killed.
last=$(tail -n 1 "$dir/log")
case $last in
  'end '*' ;') say "state ended" ;;
  *) if [ -n "$running" ]; then say "state running"
     elif [ -n "$runner_boot" ] && [ "$runner_boot" != "$boot" ]; then say "state rebooted"
     elif [ -z "$runner_boot" ]; then say "state laid"
     else say "state killed"
     fi ;;
esac
size=$(wc -c <"$dir/log")
say "size $((size))"
say log
tail -c "+$from" "$dir/log"
