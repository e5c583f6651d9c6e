# Carries out one board's part of a campaign, detached from any connection: begins each row at its time with the scripts that start a run
# and a load anywhere else, looks whether the load works, ends it always, and writes down what came of it. Its log only grows; see
# campaign-log in shared/parsers for its grammar. All times are time since the board was started: no clock that is set moves them.
# Arguments: BASE ID BEGIN CPUS, the CPUs that a load may use.
base=$1 id=$2 begin=$3 wide=$4
dir=$base/campaigns/$id
cd "$dir" || exit 1
exec </dev/null >>"$dir/worker.log" 2>&1
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
RTVM_BENCH_DIR=$base
export LC_ALL PATH RTVM_BENCH_DIR
umask 022

asked= killed= full= load_on= sleeper=
trap 'asked=1; [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null' USR1
trap 'killed=1; [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null' TERM INT
trap '' HUP PIPE

over() { [ -n "$asked$killed$full" ]; }

# Time since the board was started, in hundredths, without starting a process.
now() {
  read -r up rest </proc/uptime
  now=${up%.*}${up#*.}
}

note() {
  printf '%s ;\n' "$*" >>"$dir/log" || disk_is_full
}

disk_is_full() {
  [ -z "$full" ] || return 0
  full=1
  rm -f "$dir/spare"
  printf '\n' >>"$dir/log"
}

nap() {
  sleep "$1" &
  sleeper=$!
  wait "$sleeper"
  sleeper=
}

# Sleeps until a time, a minute at most at once: a board that was suspended is then late by no more.
wait_until() {
  now
  while [ "$now" -lt "$1" ] && ! over; do
    left=$((($1 - now) / 100))
    [ "$left" -le 60 ] || left=60
    if [ "$left" -gt 0 ]; then nap "$left"; else sleep 0.1 2>/dev/null || sleep 1; fi
    now
  done
}

# call SCRIPT ARGUMENTS-FILE: one of the scripts beside us, on every CPU it may have. Sets answer to its last line.
call() {
  script=$1 file=$2
  set -- sh "$dir/$script"
  [ -z "$wide" ] || set -- taskset -c "$wide" "$@"
  if [ -r "$file" ]; then while IFS= read -r argument; do set -- "$@" "$argument"; done <"$file"; fi
  answer=$("$@" | tail -n 1)
}

cpu_time() {
  read -r name figures </proc/stat
  now
  note "cpu $cell $1 $now $figures"
}

# look before|after: what the load does. Fails when it does no work to speak of: a twentieth of a CPU.
look() {
  state=none ticks=0 a_second=100 hundredths=1
  sh "$dir/workload-read.sh" >"$dir/reading"
  while read -r word first second third; do
    case $word in
      state) state=$first ;;
      busy) ticks=$first a_second=$second hundredths=$third ;;
    esac
  done <"$dir/reading"
  looked=$state
  [ "$hundredths" -gt 0 ] || hundredths=1
  if [ "$state" = running ] && [ $((ticks * 2000)) -lt $((a_second * hundredths)) ]; then looked=idle; fi
  now
  reading="$now $state $ticks $a_second $hundredths"
  [ "$looked" = running ]
}

# Starts this row's load and waits until it works. Fails with answer.
start_load() {
  call workload-start.sh "$dir/$cell.load"
  [ "$answer" = started ] || return 1
  load_on=1
  : >"$dir/loaded"
  now
  note "load $cell started $now"
  tries=0
  until look before; do
    tries=$((tries + 1))
    if over || [ "$tries" -ge 8 ] || [ "$looked" = ended ] || [ "$looked" = killed ]; then
      answer="load-$looked"
      return 1
    fi
  done
  note "load $cell before $reading"
}

stop_load() {
  [ -n "$load_on" ] || return 0
  tries=0
  while [ -n "$load_on" ] && [ "$tries" -lt 3 ]; do
    answer=$(sh "$dir/workload-stop.sh" | tail -n 1)
    case $answer in stopped* | none) load_on= ;; esac
    tries=$((tries + 1))
  done
  now
  if [ -z "$load_on" ]; then note "load $cell stopped $now"; rm -f "$dir/loaded"; else note "load $cell left $now $answer"; load_on=; fi
}

missing() {
  stop_load
  now
  note "row $cell missing $now $*"
}

# Waits for the run of this row to end; one that takes too long, or that nobody wants any more, is told to.
wait_for_run() {
  run=$1 told=
  pause=$((length / 100))
  [ "$pause" -le 10 ] || pause=10
  [ "$pause" -gt 0 ] || pause=1
  now
  end=$((now + length * 100))
  while read_runner "$base/runs/$run" && alive "$runner_pid" "$runner_started" "$runner_boot"; do
    now
    if [ -z "$told" ] && { over || [ "$now" -ge "$end" ]; }; then
      kill -USR1 "$runner_pid" 2>/dev/null
      told=1 pause=1
    fi
    # A signal ends a nap; another one is not slept through.
    if [ -n "$told" ]; then sleep 1; else nap "$pause"; fi
  done
}

# The measurement of a row, with its own load if it has one. A board that is in use is waited for as long as the row may wait.
measure() {
  until over; do
    answer=
    if [ ! -e "$dir/$cell.load" ] || start_load; then
      [ ! -e "$dir/$cell.load" ] || [ "$lead" = 0 ] || { now; wait_until $((now + lead * 100)); }
      over && break
      cpu_time before
      call run-start.sh "$dir/$cell.run"
      case $answer in
        started | exists)
          read -r run <"$dir/$cell.run"
          say "$run" >"$dir/current"
          now
          note "run $cell started $now"
          wait_for_run "$run"
          now
          note "run $cell ended $now"
          cpu_time after
          [ -z "$load_on" ] || { look after; note "load $cell after $reading"; }
          stop_load
          rm -f "$dir/current"
          now
          note "row $cell done $now"
          return 0 ;;
      esac
    fi
    why=$answer
    stop_load
    case $why in busy* | exists* | foreign*) ;; *) missing "$why"; return 0 ;; esac
    now
    [ "$now" -lt "$latest" ] || { missing "$why"; return 0; }
    nap 2
  done
  missing cancelled
}

# A load or a watch for a measurement elsewhere: it has its time and no more.
attend() {
  why=
  if [ "$kind" = load ]; then
    while ! over && ! start_load; do
      why=$answer
      stop_load
      now
      case $why in busy* | exists*) ;; *) break ;; esac
      [ "$now" -lt "$latest" ] || break
      nap 2
    done
    if [ -z "$load_on" ]; then
      if over; then missing cancelled; else missing "$why"; fi
      return 0
    fi
  fi
  cpu_time before
  wait_until $((due + length * 100))
  cpu_time after
  [ -z "$load_on" ] || { look after; note "load $cell after $reading"; }
  stop_load
  now
  if over; then note "row $cell missing $now cancelled"; else note "row $cell done $now"; fi
}

finish() {
  stop_load
  rm -f "$dir/spare" "$dir/current" "$dir/loaded"
  now
  note "end $1 $now"
  sync "$dir/log" 2>/dev/null || sync
  exit 0
}

start_time $$ || exit 1
now
note "rtvm-bench-campaign 1"
note "boot $boot"
note "began $now"
printf '%s %s %s\n' $$ "$started" "$boot" >"$dir/runner.new" && mv "$dir/runner.new" "$dir/runner"
ready=$begin
while read -r cell kind at patience length lead cool <&3; do
  over && break
  due=$ready
  [ "$at" = - ] || due=$((begin + at * 100))
  wait_until "$due"
  over && break
  # A row that follows another has its patience from when it could begin.
  [ "$at" != - ] || due=$now
  latest=$((due + patience * 100))
  note "row $cell began $now"
  if [ "$at" != - ] && [ "$now" -gt $((latest + 100)) ]; then
    missing late
  elif [ "$kind" = measure ]; then
    measure
  else
    attend
  fi
  now
  ready=$((now + cool * 100))
done 3<"$dir/rows"
if [ -n "$full" ]; then finish disk-full; fi
if [ -n "$asked" ]; then finish cancelled; fi
if [ -n "$killed" ]; then finish terminated; fi
finish completed
