# Sends a run's journal from a byte on, and every new byte as it comes, until the runner ends. Arguments: ID FROM HOUSEKEEPING.
id=$1 from=$2 housekeeping=$3
require_id "$id"
dir=$base/runs/$id
journal=$dir/journal
[ -e "$journal" ] || exit 66
taskset -pc "$housekeeping" $$ >/dev/null 2>&1
read_runner "$dir"
alive "$runner_pid" "$runner_started" "$runner_boot" || exec tail -c "+$from" "$journal"
if tail --pid=$$ -c 0 /dev/null >/dev/null 2>&1; then
  exec tail -c "+$from" -f -s 1 --pid="$runner_pid" "$journal"
fi
# A tail that cannot watch the runner is watched instead, so that nothing of ours stays behind.
tail -c "+$from" -f "$journal" &
tail=$!
while kill -0 "$tail" 2>/dev/null && alive "$runner_pid" "$runner_started" "$runner_boot"; do sleep 2; done
sleep 2
kill "$tail" 2>/dev/null
wait "$tail"
exit 0
