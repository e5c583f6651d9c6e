# Ends a run early; what it has measured is kept. Arguments: ID. Answers: asked | orphan | not-running.
id=$1
require_id "$id"
dir=$base/runs/$id
read_runner "$dir"
if alive "$runner_pid" "$runner_started" "$runner_boot"; then
  kill -USR1 "$runner_pid" && say asked
  exit 0
fi
# The runner is gone. What it left, known by our folder in its arguments, would go on for nobody.
child= watcher= child_started= session=
{ read -r child watcher child_started session <"$dir/child"; } 2>/dev/null
left=
# A tool is known by its start time, and ended with the processes it made; cyclictest and the watcher by our folder too.
if [ "$runner_boot" = "$boot" ] && [ "${session:--}" = setsid ] && start_time "$child" && [ "$started" = "$child_started" ]; then
  kill -TERM "-$child" && left=$child
  child=
fi
for pid in $watcher $child; do
  if [ "$runner_boot" = "$boot" ] && grep -qF "$dir/" "/proc/$pid/cmdline" 2>/dev/null; then
    kill -TERM "$pid" && left="$left $pid"
  fi
done
[ -n "$left" ] || { say not-running; exit 0; }
tries=0
for pid in $left; do
  while kill -0 "$pid" 2>/dev/null && [ $tries -lt 50 ]; do
    sleep 0.1 2>/dev/null || sleep 1
    tries=$((tries + 1))
  done
done
say orphan
