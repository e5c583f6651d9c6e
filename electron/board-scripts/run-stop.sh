# Ends a run early; what it has measured is kept. Arguments: ID. Answers: asked | orphan | not-running.
id=$1
require_id "$id"
dir=$base/runs/$id
read_runner "$dir"
if alive "$runner_pid" "$runner_started" "$runner_boot"; then
  kill -USR1 "$runner_pid" && say asked
  exit 0
fi
# The runner is gone: its cyclictest, known by the pipe it was given, would go on measuring for nobody.
child=
{ read -r child <"$dir/child"; } 2>/dev/null
if [ -n "$child" ] && [ "$runner_boot" = "$boot" ] && grep -qF "$dir/fifo" "/proc/$child/cmdline" 2>/dev/null; then
  kill -TERM "$child" && say orphan
  exit 0
fi
say not-running
