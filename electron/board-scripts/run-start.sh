# Starts a run, detached. Asking twice for the same run starts it once: its folder is made in one step, by one of them.
# Arguments: ID OWNER HOUSEKEEPING CPUS PRIORITY NEED_KIB SPARE_KIB PERIOD SEGMENT_SECONDS DURATION_SECONDS MANNER NEEDS NAME, then
# the command: see run-runner.sh. PRIORITY 0: none is taken.
# Answers one line: started | exists | busy RUN EPOCH OWNER | foreign PID NAME | refused WHY [DETAIL].
id=$1 owner=$2 housekeeping=$3 cpus=$4 priority=$5 need_kib=$6
require_id "$id"
dir=$base/runs/$id
if [ -d "$dir" ]; then say exists; exit 0; fi

say_busy() { say "busy $lock_run $lock_epoch $lock_owner"; }

needs=${12} program=${13} first=${14}
for wanted in "$program" "$first"; do
  command -v "$wanted" >/dev/null 2>&1 || { say "refused no-program $wanted"; exit 0; }
done
case $needs in *root*) [ "$(id -u)" = 0 ] || { say "refused needs-root"; exit 0; } ;; esac
command -v awk >/dev/null 2>&1 || { say "refused no-tool awk"; exit 0; }

# Is CPU $1 in a list like 0-3,8?
listed() {
  wanted=$1
  set -f
  IFS=,
  set -- $2
  unset IFS
  set +f
  for part; do
    [ "$wanted" -ge "${part%-*}" ] && [ "$wanted" -le "${part#*-}" ] && return 0
  done
  return 1
}
online=
{ read -r online </sys/devices/system/cpu/online; } 2>/dev/null
IFS=,
for region in $cpus; do
  unset IFS
  cpu=${region%-*}
  while [ "$cpu" -le "${region#*-}" ]; do
    [ -z "$online" ] || listed "$cpu" "$online" || { say "refused cpu-offline $cpu"; exit 0; }
    cpu=$((cpu + 1))
  done
done
unset IFS

# Somebody may have started this very run since its folder was looked for.
exists_by_now() { [ -d "$dir" ] && say exists; }
refuse_when_held() {
  for holder in "$base" /var/lib/rtvm-bench; do
    if read_lock "$holder" && alive "$lock_pid" "$lock_started" "$lock_boot"; then
      exists_by_now || say_busy
      exit 0
    fi
    if read_change "$holder" && change_is_fresh; then
      say "busy $change_id $change_epoch $change_owner"
      exit 0
    fi
  done
}
refuse_when_held
# Two measurements at once disturb each other, whoever started the other one.
foreign=
measuring='^(cyclictest|oslat|hwlatdetect|cyclicdeadline|signaltest|ptsematest|pmqtest|svsematest|sigwaittest|rtla)$'
for process in $(grep -lE "$measuring" /proc/[0-9]*/comm 2>/dev/null); do
  process=${process%/comm}
  # One that has ended and was not waited for yet measures nothing.
  { read -r pid name state rest <"$process/stat"; } 2>/dev/null && [ "$state" != Z ] && foreign="$pid $(cat "$process/comm")"
done
if [ -n "$foreign" ]; then
  refuse_when_held
  exists_by_now || say "foreign $foreign"
  exit 0
fi

if [ "$priority" != 0 ] && command -v chrt >/dev/null 2>&1; then
  chrt -f "$priority" true 2>/dev/null || { say "refused rt-priority $priority"; exit 0; }
fi

umask 022
mkdir -p "$base/runs" 2>/dev/null
if ! { : >"$base/runs/.probe.$$"; } 2>/dev/null; then say "refused not-writable $base"; exit 0; fi
rm -f "$base/runs/.probe.$$"
available=$(df -Pk "$base/runs" | { read -r heading; read -r device blocks used available rest; say "${available:-0}"; })
if [ "$available" -lt "$need_kib" ]; then say "refused disk-full $available"; exit 0; fi

mkdir "$dir" 2>/dev/null || { [ -d "$dir" ] && say exists || say "refused disk-full $available"; exit 0; }
runner_text >"$dir/runner.sh" || { rm -rf "$dir"; say "refused disk-full $available"; exit 0; }

shift 6
pin=
if taskset -c "$housekeeping" true >/dev/null 2>&1; then pin="taskset -c $housekeeping"; fi
# A session of its own keeps the runner out of reach of this connection's end; it ignores a hang-up besides.
session=
command -v setsid >/dev/null 2>&1 && session=setsid
launched=
if [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit="rtvm-bench-run-$id" --description="RTVM Bench run $id" \
    --property="CPUAffinity=$housekeeping" --property=KillMode=mixed --property=TimeoutStopSec=30 \
    --property=LimitRTPRIO=99 --property=LimitMEMLOCK=infinity \
    sh "$dir/runner.sh" "$base" "$id" "$owner" "$housekeeping" "$cpus" "$@" >"$dir/launch.log" 2>&1 </dev/null && launched=1
fi
if [ -z "$launched" ]; then
  $pin $session sh "$dir/runner.sh" "$base" "$id" "$owner" "$housekeeping" "$cpus" "$@" >>"$dir/launch.log" 2>&1 </dev/null &
fi

# The runner says that it has the board by putting its journal in place, or says why not.
tries=0
while [ ! -e "$dir/journal" ] && [ ! -e "$dir/refused" ] && [ $tries -lt 150 ]; do
  sleep 0.1 2>/dev/null || sleep 1
  tries=$((tries + 1))
done
if [ -e "$dir/journal" ]; then say started; exit 0; fi
why=silent
{ read -r why <"$dir/refused"; } 2>/dev/null
if [ "$why" = locked ] && read_lock "$base"; then
  say_busy
else
  say "refused $why"
fi
# A runner that never answered may still come up: its folder stays, so that this run cannot be started a second time.
[ "$why" = silent ] || rm -rf "$dir"
exit 0
