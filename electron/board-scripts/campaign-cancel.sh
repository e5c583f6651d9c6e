# Ends this board's part of a campaign with everything it has on: its run keeps what was measured, its load goes. Arguments: ID.
# Answers: stopped | tidied (its worker was gone, and what it had left is ended) | none | refused not-ended.
id=$1
require_id "$id"
dir=$base/campaigns/$id
if [ ! -d "$dir" ]; then say none; exit 0; fi
# A part that has not begun never will.
rm -f "$dir/laid"
read_runner "$dir"
if alive "$runner_pid" "$runner_started" "$runner_boot"; then
  kill -USR1 "$runner_pid"
  tries=0
  while alive "$runner_pid" "$runner_started" "$runner_boot" && [ "$tries" -lt 900 ]; do
    sleep 0.1 2>/dev/null || sleep 1
    tries=$((tries + 1))
  done
  if alive "$runner_pid" "$runner_started" "$runner_boot"; then say "refused not-ended"; else say stopped; fi
  exit 0
fi
answer=none
if [ "$runner_boot" = "$boot" ]; then
  run=
  { read -r run <"$dir/current"; } 2>/dev/null
  if [ -n "$run" ] && read_runner "$base/runs/$run" && alive "$runner_pid" "$runner_started" "$runner_boot"; then
    kill -USR1 "$runner_pid" && answer=tidied
  fi
  if [ -e "$dir/loaded" ]; then
    sh "$dir/workload-stop.sh" >/dev/null && rm -f "$dir/loaded" && answer=tidied
  fi
fi
say "$answer"
