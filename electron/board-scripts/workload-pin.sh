# Keeps one CPU busy for some seconds. Arguments: CPU SECONDS. Answers refused WHY, or a line `loading` at once and each second.
# It ends when nobody hears it any more: not every server passes on a signal, but each closes the pipe.
cpu=$1 seconds=$2
command -v taskset >/dev/null 2>&1 || { say "refused no-tool taskset"; exit 0; }
taskset -c "$cpu" true >/dev/null 2>&1 || { say "refused no-cpu $cpu"; exit 0; }
taskset -c "$cpu" sh -c 'while :; do :; done' &
loop=$!
trap 'kill "$loop" 2>/dev/null' EXIT
trap 'exit 0' TERM INT HUP
trap '' PIPE
while [ "$seconds" -gt 0 ] && say loading 2>/dev/null; do
  sleep 1 &
  wait $!
  seconds=$((seconds - 1))
done
