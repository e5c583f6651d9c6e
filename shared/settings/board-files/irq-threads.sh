#!/bin/sh
# Keeps the threads of interrupts at the real-time priority given, as the kernel starts them. Started by a timer.
# Threads of devices passed through to a virtual machine (vfio) are left alone. Says what it changed on standard output.

LC_ALL=C
export LC_ALL
cd "${RTVM_ROOT:-/}" || exit 1
wanted=$1
case $wanted in '' | *[!0-9]*) echo "irq-threads: no priority: $wanted" >&2; exit 2 ;; esac
for folder in proc/[0-9]*; do
  pid=${folder#proc/}
  { read -r line <"$folder/stat"; } 2>/dev/null || continue
  name=${line#*\(}
  name=${name%)*}
  case $name in irq/*-vfio-* | irq/*-vfio) continue ;; irq/*) ;; *) continue ;; esac
  # shellcheck disable=SC2086 # words are wanted
  set -- ${line##*) }
  [ "$2" = 2 ] || continue
  # Of the fields after the name, 38 is the priority and 39 the policy; 1 is FIFO.
  [ "${38}" = "$wanted" ] && [ "${39}" = 1 ] && continue
  if chrt -f -p "$wanted" "$pid" >/dev/null 2>&1; then echo "interrupt thread $pid ($name) had policy ${39} priority ${38}, now FIFO $wanted"; fi
done
exit 0
