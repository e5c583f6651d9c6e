# Keeps one CPU busy for some seconds, and ends by itself whatever becomes of the connection. Arguments: CPU SECONDS.
# Answers refused WHY, or `loading` at once and `done` at the end.
cpu=$1 seconds=$2
command -v taskset >/dev/null 2>&1 || { say "refused no-tool taskset"; exit 0; }
taskset -c "$cpu" true >/dev/null 2>&1 || { say "refused no-cpu $cpu"; exit 0; }
taskset -c "$cpu" sh -c 'while :; do :; done' &
loop=$!
trap 'kill "$loop" 2>/dev/null' EXIT
trap 'exit 0' TERM INT HUP
say loading
sleep "$seconds" &
wait $!
say "done"
