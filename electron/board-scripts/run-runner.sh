# Runs one measurement on the board, detached from any connection, and writes its journal: the one file that a laptop
# copies. The journal only ever grows; every record is a line; see run-journal in shared/parsers for its grammar.
# Arguments: BASE ID OWNER HOUSEKEEPING CPUS SPARE_KIB PERIOD SEGMENT_SECONDS DURATION_SECONDS MANNER NEEDS NAME, then the
# command of the tool NAME, in which @FIFO@, @SECONDS@ and @FOLDER@ stand for what differs between segments and boards.
# MANNER: `status` is cyclictest, which tells its state through a pipe; `timed`, a tool that measures for the seconds it is
# given; `untimed`, one that ends when its work is done, or is ended when its time is over. NEEDS: `-`, or `root` and `tracer`
# with a comma between: settings of the kernel's tracer are put back afterwards.
base=$1 id=$2 owner=$3 housekeeping=$4 cpus=$5 spare_kib=$6 period=$7 segment_seconds=$8 duration=$9
shift 9
manner=$1 needs=$2 name=$3
shift 3
dir=$base/runs/$id
journal=$dir/journal
cd "$dir" || exit 1
exec </dev/null >>"$dir/runner.log" 2>&1
LC_ALL=C
export LC_ALL
umask 022

child= watcher= stopping= killed= full= lock_mine= session=
trap 'stopping=1; end_child' USR1
trap 'killed=1; end_child' TERM INT
trap '' HUP PIPE

# Tools other than cyclictest have processes of their own, which are ended with them: they are a session, where there is setsid.
end_child() {
  [ -z "$child" ] || kill -TERM "${session:+-}$child" 2>/dev/null
}

# Time since boot in hundredths of a second, without starting a process.
now() {
  read -r up rest </proc/uptime
  now=${up%.*}${up#*.}
  now=${now#0}
  now=${now#0}
}

put() {
  printf '%s\n' "$*" >>"$journal" || disk_is_full
}

# Room was set aside at the start, so that a full disk still leaves space for what has been measured and for the end.
disk_is_full() {
  [ -z "$full" ] || return 0
  full=1
  rm -f "$dir/spare"
  : >"$dir/full"
  printf '\nt ;\n' >>"$journal"
}

# block FILE …: puts files into the journal, line by line, each behind a bar, named after the last part of the file's name.
block() {
  for file; do
    shift
    [ -r "$file" ] && [ -s "$file" ] && set -- "$@" "$file"
  done
  [ $# -gt 0 ] || return 0
  awk '
    function finish() { if (open != "") printf "e %s %d ;\n", open, bytes; bytes = 0 }
    FNR == 1 { finish(); open = FILENAME; sub(/.*[\/.]/, "", open); printf "b %s ;\n", open }
    { print "|" $0; bytes += length($0) + 1 }
    END { finish() }' "$@" >>"$journal" || disk_is_full
}

# Counters before the first segment and after each: what interrupted, throttled or stole time shows in their difference.
counters() {
  counter_records "$cpus" >>"$journal" || disk_is_full
}

fact() {
  value=
  { read -r value <"$2"; } 2>/dev/null
  [ -z "$value" ] || put "fact $1 $value ;"
}

free_kib() {
  df -Pk "$dir" | { read -r heading; read -r device blocks used available rest; say "${available:-0}"; }
}

# What comes next, a segment's output, fits into half of the spare.
make_room() {
  [ "$(free_kib)" -ge "$((spare_kib / 2))" ] || disk_is_full
}

# The lock is a file made whole and linked into place: two runners can never both have it. A lock whose holder is gone
# is moved aside first, and put back when what was moved turns out to be a living one.
take_lock() {
  start_time $$ || return 1
  my_start=$started
  epoch=$(date +%s)
  mine=$base/lock.$$
  printf '%s\n%s\n' "$id $$ $my_start $boot $epoch" "$owner" >"$mine" || { rm -f "$mine"; return 1; }
  for attempt in 1 2 3 4 5; do
    if ln "$mine" "$base/lock" 2>/dev/null; then rm -f "$mine"; lock_mine=1; return 0; fi
    read_lock "$base"
    alive "$lock_pid" "$lock_started" "$lock_boot" && break
    seen="$lock_run $lock_pid $lock_started"
    mv "$base/lock" "$mine.stale" 2>/dev/null || continue
    mkdir "$mine.check" && mv "$mine.stale" "$mine.check/lock"
    read_lock "$mine.check"
    [ "$lock_run $lock_pid $lock_started" = "$seen" ] || ln "$mine.check/lock" "$base/lock"
    rm -rf "$mine.check"
  done
  rm -f "$mine"
  return 1
}

release_lock() {
  [ -n "$lock_mine" ] || return 0
  read_lock "$base" && [ "$lock_run $lock_pid" = "$id $$" ] && rm -f "$base/lock"
}

refuse() {
  say "$*" >"$dir/refused.part" && mv "$dir/refused.part" "$dir/refused"
  release_lock
  exit 0
}

# Waits for a process through the signals that interrupt a wait. Sets rc.
reap() {
  while :; do
    wait "$1"
    rc=$?
    [ $rc -gt 128 ] && kill -0 "$1" 2>/dev/null || return 0
  done
}

nap() {
  sleep "$1" &
  kid=$!
  wait "$kid"
  return 0
}

# One line a thread from cyclictest's own pipe becomes "samples,min,act,avg,max".
status() {
  line=
  while IFS=' :()' read -r t index tid p priority i interval c samples n minimum a act v average m maximum; do
    [ "$t" = T ] || continue
    [ "$index" != 0 ] || line=
    line="$line $samples,$minimum,$act,$average,$maximum"
  done <"$dir/snap"
  [ -z "$line" ] || { now; put "s $up$line ;"; }
}

# Where the threads really are and how they are scheduled, as the kernel says. Once a segment.
placement() {
  cat "/proc/$child"/task/*/stat >"$dir/work.threads" 2>/dev/null
  grep -H '^Cpus_allowed_list' "/proc/$child"/task/*/status >"$dir/work.affinity" 2>/dev/null
  block "$dir/work.threads" "$dir/work.affinity"
}

# The newest lines of a tool that has no status of its own. What repaints its lines ends them with a carriage return.
newest() {
  now
  put "live $up ;"
  [ -s "$dir/stdout" ] || return 0
  tail -c 600 "$dir/stdout" | awk '
    { count = split($0, parts, "\r"); for (i = 1; i <= count; i++) if (parts[i] != "") { older = old; old = new; new = substr(parts[i], 1, 160) } }
    END { if (older != "") print older; if (old != "") print old; if (new != "") print new }' >"$dir/work.live"
  block "$dir/work.live"
}

# Beside the measurement: sleeps, reads the status, writes one line. Two small processes a period, no more.
watch() {
  kid=
  trap 'kill "$kid" 2>/dev/null; exit 0' TERM
  placed=
  pause=$first_pause
  while nap "$pause"; do
    # Nobody waits for this measurement any more: it ends, and so does whoever watches it.
    kill -0 $$ 2>/dev/null || { end_child; exit 0; }
    kill -0 "$child" 2>/dev/null || exit 0
    if [ "$manner" = status ]; then
      cat "$fifo" >"$dir/snap" 2>/dev/null &
      kid=$!
      wait "$kid" && [ -s "$dir/snap" ] || continue
      status
    else
      newest
      if [ "$manner" = untimed ] && [ "$((now - begun))" -ge "$((seconds * 100))" ]; then : >"$dir/over"; end_child; exit 0; fi
    fi
    [ -n "$placed" ] || { placement; placed=1; pause=$period; }
    if [ -n "$full" ]; then end_child; exit 0; fi
  done
}

# What a tool that uses the kernel's tracer may leave changed: kept before it, put back after it. There is one tracer.
tracer_files='tracing_thresh tracing_cpumask hwlat_detector/width hwlat_detector/window hwlat_detector/mode osnoise/cpus
  osnoise/period_us osnoise/runtime_us osnoise/stop_tracing_us osnoise/stop_tracing_total_us osnoise/timerlat_period_us tracing_on'
find_tracer() {
  tracing=
  for place in /sys/kernel/tracing /sys/kernel/debug/tracing; do
    [ ! -e "$place/current_tracer" ] || { tracing=$place; break; }
  done
}
keep_tracer() {
  for file in $tracer_files; do
    kept=$dir/tracer.$(printf '%s' "$file" | tr / .)
    [ ! -e "$tracing/$file" ] || cat "$tracing/$file" >"$kept" 2>/dev/null
  done
}
# No tracer first: its settings are not taken while it runs. Widths and windows limit each other, so they are put back twice.
restore_tracer() {
  [ -n "$tracing" ] || return 0
  { say nop >"$tracing/current_tracer"; } 2>/dev/null
  for file in $tracer_files hwlat_detector/width hwlat_detector/window osnoise/period_us osnoise/runtime_us; do
    kept=$dir/tracer.$(printf '%s' "$file" | tr / .)
    [ ! -e "$kept" ] || { cat "$kept" >"$tracing/$file"; } 2>/dev/null
  done
  rm -f "$dir"/tracer.*
}

# measure SECONDS TOOL ARGUMENTS…: one segment. Sets rc.
measure() {
  seconds=$1
  shift
  fifo=$dir/fifo
  for argument; do
    shift
    case $argument in
      @FIFO@) argument=$fifo ;;
      *@SECONDS@*) argument=${argument%%@SECONDS@*}$seconds${argument#*@SECONDS@} ;;
      *@FOLDER@*) argument=${argument%%@FOLDER@*}$dir/temporary${argument#*@FOLDER@} ;;
    esac
    set -- "$@" "$argument"
  done
  rm -f "$fifo" "$dir/stdout" "$dir/stderr" "$dir/over"
  [ -z "$stopping$killed" ] || return 0
  if [ ! -e "$dir/command" ]; then
    printf '%s\n' "$@" >"$dir/command"
    block "$dir/command"
  fi
  now
  put "segment $index $up $seconds ;"
  [ -z "$full" ] || return 0
  begun=$now
  $session "$@" >"$dir/stdout" 2>"$dir/stderr" &
  child=$!
  [ -z "$stopping$killed" ] || end_child
  watch &
  watcher=$!
  start_time "$child"
  say "$child $watcher ${started:-0} ${session:--}" >"$dir/child"
  reap "$child"
  child_rc=$rc
  # What it left behind belongs to it.
  [ -z "$session" ] || end_child
  child=
  kill -TERM "$watcher" 2>/dev/null
  reap "$watcher"
  rc=$child_rc
  [ ! -e "$dir/full" ] || full=1
  rm -f "$fifo"
  now
  ended=$now
  ended_up=$up
  make_room
  block "$dir/stdout" "$dir/stderr"
  put "end-segment $index $ended_up $rc ;"
  sync "$journal" 2>/dev/null || sync
}

# finish STATE REASON: the last record says how it ended and seals what stands before it.
finish() {
  case $needs in *tracer*) restore_tracer ;; esac
  rm -f "$dir/spare" "$dir/work."* "$dir/snap"
  rm -rf "$dir/temporary"
  sum=$(sha256sum <"$journal")
  now
  # Whoever reads the end may start the next run at once.
  release_lock
  printf '%s\n' "end $1 $2 $up ${sum%% *} ;" >>"$journal"
  sync "$journal" 2>/dev/null || sync
  exit 0
}

if [ "$manner" != status ]; then command -v setsid >/dev/null 2>&1 && session=setsid; fi
case $needs in
  *tracer*)
    find_tracer
    [ -n "$tracing" ] || refuse no-tracer
    current=
    { read -r current <"$tracing/current_tracer"; } 2>/dev/null
    [ "$current" = nop ] || refuse "tracer-busy ${current:-unreadable}"
    keep_tracer ;;
esac
mkdir "$dir/temporary" 2>/dev/null
first_pause=0.5
sleep 0.01 2>/dev/null || first_pause=1
take_lock || refuse locked
dd if=/dev/zero of="$dir/spare" bs=1024 count="$spare_kib" 2>/dev/null || { rm -f "$dir/spare"; refuse disk-full; }
printf '%s %s %s\n' "$$" "$my_start" "$boot" >"$dir/runner"
say "$owner" >"$dir/owner"

# The first records become the journal in one step: whoever sees the file sees a header.
journal=$dir/journal.new
now
put "rtvm-bench-journal 1 ;"
put "run $id ;"
put "boot $boot ;"
put "start $epoch $up ;"
put "plan $cpus $segment_seconds $duration $period ;"
if [ "$(id -u)" = 0 ]; then put "root yes ;"; else put "root no ;"; fi
fact kernel /proc/sys/kernel/osrelease
fact kernel-version /proc/sys/kernel/version
fact command-line /proc/cmdline
fact online /sys/devices/system/cpu/online
fact isolated /sys/devices/system/cpu/isolated
fact nohz-full /sys/devices/system/cpu/nohz_full
fact realtime /sys/kernel/realtime
fact clocksource /sys/devices/system/clocksource/clocksource0/current_clocksource
block "$dir/owner"
[ -z "$full" ] && mv "$dir/journal.new" "$dir/journal" || refuse disk-full
journal=$dir/journal

counters
index=1
left=$duration
while [ "$left" -gt 0 ]; do
  seconds=$segment_seconds
  [ "$left" -ge "$seconds" ] || seconds=$left
  make_room
  [ -z "$full" ] || finish interrupted disk-full
  measure "$seconds" "$@"
  [ -z "$full" ] || finish interrupted disk-full
  counters
  [ -z "$killed" ] || finish interrupted terminated
  [ -z "$stopping" ] || finish stopped asked
  [ ! -e "$dir/over" ] || finish interrupted "$name-took-too-long"
  [ "$rc" -le 128 ] || finish interrupted "$name-killed-$((rc - 128))"
  [ "$rc" -eq 0 ] || finish failed "$name-status-$rc"
  [ "$manner" = untimed ] || [ "$((ended - begun))" -ge "$((seconds * 100 - 50))" ] || finish interrupted "$name-ended-early"
  [ "$manner" != untimed ] || break
  left=$((left - seconds))
  index=$((index + 1))
done
[ -z "$full" ] || finish interrupted disk-full
finish completed -
