# Lets this board's part of a campaign begin, detached; asked twice it begins once. Arguments: ID HOUSEKEEPING BEGIN, the time since the
# board was started from which its rows count, in hundredths. Answers: started | exists | refused WHY.
id=$1 housekeeping=$2 begin=$3
require_id "$id"
case $begin in '' | *[!0-9]*) say "refused bad-time"; exit 0 ;; esac
dir=$base/campaigns/$id
if [ ! -e "$dir/laid" ]; then say "refused not-laid"; exit 0; fi
mkdir "$dir/begun" 2>/dev/null || { say exists; exit 0; }
# The worker keeps to housekeeping; a load must not inherit that.
wide=
if command -v taskset >/dev/null 2>&1; then wide=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status 2>/dev/null); fi
pin=
if taskset -c "$housekeeping" true >/dev/null 2>&1; then pin="taskset -c $housekeeping"; fi
session=
command -v setsid >/dev/null 2>&1 && session=setsid
launched=
if [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit="rtvm-bench-campaign-$id" --description="RTVM Bench campaign $id" \
    --property="CPUAffinity=$housekeeping" --property=KillMode=mixed --property=TimeoutStopSec=90 \
    --property=LimitRTPRIO=99 --property=LimitMEMLOCK=infinity \
    sh "$dir/worker.sh" "$base" "$id" "$begin" "$wide" >"$dir/launch.log" 2>&1 </dev/null && launched=1
fi
if [ -z "$launched" ]; then
  $pin $session sh "$dir/worker.sh" "$base" "$id" "$begin" "$wide" >>"$dir/launch.log" 2>&1 </dev/null &
fi
tries=0
while [ ! -e "$dir/runner" ] && [ "$tries" -lt 150 ]; do
  sleep 0.1 2>/dev/null || sleep 1
  tries=$((tries + 1))
done
if [ -e "$dir/runner" ]; then say started; else say "refused silent"; fi
exit 0
