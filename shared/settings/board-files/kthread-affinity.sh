#!/bin/sh
# Keeps kernel threads that may run anywhere on the CPUs given (a list such as 0-3,8). Started by a timer.
# Left alone: threads of one CPU, workers (their queues have masks), threads of interrupts (they follow their interrupt) and
# of virtual machines. Says what it moved on standard output.

LC_ALL=C
export LC_ALL
cd "${RTVM_ROOT:-/}" || exit 1
wanted=$1
case $wanted in '' | *[!0-9,-]*) echo "kthread-affinity: no list of CPUs: $wanted" >&2; exit 2 ;; esac

# inside LIST: every CPU of it is a wanted one.
inside() {
  rest=$1,
  while [ -n "$rest" ]; do
    part=${rest%%,*}
    rest=${rest#*,}
    [ -n "$part" ] || continue
    covered=
    others=$wanted,
    while [ -n "$others" ]; do
      one=${others%%,*}
      others=${others#*,}
      [ -n "$one" ] && [ "${part%-*}" -ge "${one%-*}" ] && [ "${part#*-}" -le "${one#*-}" ] && covered=yes
    done
    [ -n "$covered" ] || return 1
  done
}

for folder in proc/[0-9]*; do
  pid=${folder#proc/}
  { read -r line <"$folder/stat"; } 2>/dev/null || continue
  name=${line#*\(}
  name=${name%)*}
  # shellcheck disable=SC2086 # words are wanted
  set -- ${line##*) }
  # 2 is kthreadd, the parent of all; 0x04000000 is PF_NO_SETAFFINITY.
  [ "$2" = 2 ] && [ $(($7 & 67108864)) -eq 0 ] || continue
  case $name in irq/* | vhost-* | kvm-pit/* | kworker/*) continue ;; esac
  now=
  while read -r key value; do
    [ "$key" = Cpus_allowed_list: ] && now=$value && break
  done 2>/dev/null <"$folder/status"
  case $now in '' | *[!0-9,-]*) continue ;; esac
  inside "$now" && continue
  if taskset -pc "$wanted" "$pid" >/dev/null 2>&1; then echo "kernel thread $pid ($name) was on CPU $now, now on $wanted"; fi
done
exit 0
