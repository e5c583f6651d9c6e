# What the scripts of a workload share, after run-common.sh. A workload is a session of its own, so that everything it starts
# is known by the session's number; its folder is workload below $base: record, watcher (runner), load, ended, log, build.

# Processes of session $1 that still do something.
members() {
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$1" '{ pid = $1; sub(/^.*\) /, ""); if ($4 == session && $1 != "Z" && $1 != "X") print pid }'
}

# Session of the workload in folder $1: sets load_pid load_started load_boot. Fails when its number is not, or no longer, its own.
read_load() {
  load_pid= load_started= load_boot=
  { read -r load_pid load_started load_boot <"$1/load"; } 2>/dev/null
  case $load_pid in '' | *[!0-9]*) return 1 ;; esac
  [ "$load_boot" = "$boot" ] || return 1
  # While members live the number is not given away; a leader that began at another time shows that it was.
  if start_time "$load_pid"; then [ "$started" = "$load_started" ]; fi
}

watched() { read_runner "$1" && alive "$runner_pid" "$runner_started" "$runner_boot"; }

# Ends all of the workload's own processes in folder $1, with force where asking does not help. Fails when some are left.
end_load() {
  read_load "$1" || return 0
  tries=0
  while left=$(members "$load_pid") && [ -n "$left" ] && [ "$tries" -lt 100 ]; do
    how=TERM
    [ "$tries" -lt 50 ] || how=KILL
    # Asked once, then again with force: a program that tidies up must not be disturbed in it.
    if [ "$tries" = 0 ] || [ "$tries" -ge 50 ]; then
      # shellcheck disable=SC2086 # a list of numbers
      kill -$how $left 2>/dev/null
    fi
    sleep 0.1 2>/dev/null || sleep 1
    tries=$((tries + 1))
  done
  [ -z "$left" ]
}

# Ends the workload in folder $1 and takes it away with everything it made. Fails when something is left.
end_workload() {
  if watched "$1"; then
    kill -TERM "$runner_pid" 2>/dev/null
    tries=0
    while alive "$runner_pid" "$runner_started" "$runner_boot" && [ "$tries" -lt 150 ]; do
      sleep 0.1 2>/dev/null || sleep 1
      tries=$((tries + 1))
    done
    alive "$runner_pid" "$runner_started" "$runner_boot" && kill -KILL "$runner_pid" 2>/dev/null
  fi
  end_load "$1" || return 1
  rm -rf "$1"
  [ ! -e "$1" ]
}
