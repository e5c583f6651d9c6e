# What every script of a run shares. One folder holds everything of ours on a board.
base=${RTVM_BENCH_DIR:-}
if [ -z "$base" ]; then
  if [ "$(id -u)" = 0 ]; then base=/var/lib/rtvm-bench; else base=$HOME/.rtvm-bench; fi
fi
boot=unknown
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null

say() { printf '%s\n' "$*"; }

# A run's name becomes a folder's name: anything but our own spelling is refused before it is used.
require_id() {
  case $1 in
    '' | -* | *[!a-z0-9-]*) say "refused bad-id"; exit 0 ;;
  esac
}

# Start time of a process (field 22 of its stat), so that a reused number is not taken for it. Fails when it is gone.
start_time() {
  started=
  { read -r stat_line <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -f
  set -- ${stat_line##*) }
  set +f
  case $1 in Z | X) return 1 ;; esac
  started=${20}
  [ -n "$started" ]
}

# alive PID STARTED BOOT: is it still that very process?
alive() {
  [ "${3:-}" = "$boot" ] && start_time "${1:-0}" && [ "$started" = "${2:-}" ]
}

# Who holds the board: sets lock_run lock_pid lock_started lock_boot lock_epoch lock_owner. Fails when nobody does.
read_lock() {
  lock_run= lock_pid= lock_started= lock_boot= lock_epoch= lock_owner=
  { { read -r lock_run lock_pid lock_started lock_boot lock_epoch && read -r lock_owner; } <"$1/lock"; } 2>/dev/null
  [ -n "$lock_run" ]
}

# Where the runner of a run left its identity: sets runner_pid runner_started runner_boot.
read_runner() {
  runner_pid= runner_started= runner_boot=
  { read -r runner_pid runner_started runner_boot <"$1/runner"; } 2>/dev/null
}

# Seconds since boot, which nobody sets: into uptime_seconds.
seconds_up() {
  uptime_seconds=0
  { read -r uptime_seconds uptime_rest </proc/uptime; } 2>/dev/null
  uptime_seconds=${uptime_seconds%%.*}
}

# What is left in changing/by. Arguments: ID OWNER. The clock's time is for people to read; how old it is goes by the rest.
change_mark() {
  seconds_up
  printf '%s %s %s %s\n%s\n' "$1" "$(date +%s)" "$boot" "$uptime_seconds" "$2"
}

# Who is changing settings of this board, below folder $1: sets change_id change_epoch change_boot change_up change_owner.
# Fails when nobody does.
read_change() {
  change_id= change_epoch= change_boot= change_up= change_owner=
  { { read -r change_id change_epoch change_boot change_up && read -r change_owner; } <"$1/changing/by"; } 2>/dev/null
  [ -n "$change_id" ]
}

# An engineer whose laptop went away does not keep the others out for good: half an hour after the last step. A clock that
# is set meanwhile must neither end that time nor draw it out.
change_is_fresh() {
  seconds_up
  case $change_up in
    '' | *[!0-9]*)
      # Left by an earlier version, which told the clock's time alone.
      case $change_epoch in '' | *[!0-9]*) return 1 ;; esac
      change_age=$(($(date +%s) - change_epoch))
      [ "$change_age" -gt -1800 ] && [ "$change_age" -lt 1800 ]
      ;;
    *)
      # Of an earlier boot it is at least as old as this one.
      [ "$change_boot" = "$boot" ] || change_up=0
      [ $((uptime_seconds - change_up)) -lt 1800 ]
      ;;
  esac
}
