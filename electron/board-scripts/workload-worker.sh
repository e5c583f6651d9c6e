# A workload on the board, detached from any connection. `watch`: starts it as a session of its own, ends it when its time is
# over or somebody asks (TERM), and says how it ended. `load`: is that session.
# Arguments: watch|load BASE KIND SECONDS SOURCE COMMAND…
mode=$1 base=$2 kind=$3 seconds=$4 source=$5
dir=$base/workload
cd "$dir" || exit 1
LC_ALL=C
export LC_ALL
umask 022

if [ "$mode" = load ]; then
  shift 5
  case $kind in
    busy-loop)
      # The shell itself is the load: an infinite loop without a single system call.
      while :; do :; done ;;
    kernel-compile)
      mkdir -p build && tar -xf "$source" -C build || exit 1
      cd build/* || exit 1
      make x86_64_defconfig >"$dir/log" 2>&1 || exit 1
      # Each round begins its log anew: a load that goes on for days fills no disk.
      while :; do
        make -j"$(($(nproc) * 2))" >"$dir/log" 2>&1 || exit 1
        make clean >"$dir/log" 2>&1 || exit 1
      done ;;
    *) exec "$@" ;;
  esac
fi

exec </dev/null >"$dir/log" 2>&1
why=
trap 'why=asked' TERM INT
trap '' HUP PIPE
# Where memory runs out, the load is what the kernel ends.
{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null

uptime_seconds() {
  read -r up rest </proc/uptime
  up=${up%.*}
}
finish() {
  end_load "$dir"
  rm -rf "$dir/build" "$dir/temporary"
  printf '%s %s\n' "$(date +%s)" "$1" >"$dir/ended.new" && mv "$dir/ended.new" "$dir/ended"
  exit 0
}

shift
mkdir "$dir/temporary"
setsid sh "$dir/worker.sh" load "$@" &
child=$!
start_time "$child"
printf '%s %s %s\n' "$child" "$started" "$boot" >"$dir/load"
start_time $$
uptime_seconds
end=$((up + seconds))
# Whoever started it sees that it is under way when this file is there.
printf '%s %s %s\n' $$ "$started" "$boot" >"$dir/runner.new" && mv "$dir/runner.new" "$dir/runner"
while [ -z "$why" ]; do
  uptime_seconds
  [ "$up" -lt "$end" ] || finish time
  kill -0 "$child" 2>/dev/null || { wait "$child"; finish "status $?"; }
  sleep 1 &
  wait $!
done
finish "$why"
