#!/bin/sh
# Keeps the interrupts of devices on the CPUs given (a list such as 0-3,8): drivers and link changes set them back.
# Started by a timer. Writes only where an interrupt may reach another CPU, says what it moved on standard output, and keeps
# in run/rtvm-bench/irq-affinity one line an interrupt:
#   set IRQ TIMES CPUS NAME   moved, how often, and where it was before the last time
#   fixed IRQ NAME            the kernel manages it and takes no other CPUs
#   passed-through IRQ        belongs to a virtual machine (vfio): left alone

LC_ALL=C
export LC_ALL
cd "${RTVM_ROOT:-/}" || exit 1
wanted=$1
case $wanted in '' | *[!0-9,-]*) echo "irq-affinity: no list of CPUs: $wanted" >&2; exit 2 ;; esac
state=run/rtvm-bench/irq-affinity
newline='
'

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

before=
if [ -r "$state" ]; then
  while IFS= read -r line; do before=$before$line$newline; done <"$state"
fi

# times_before IRQ: how often it was moved before.
times_before() {
  times=0
  case $newline$before in
    *"${newline}set $1 "*)
      times=${before#*"set $1 "}
      times=${times%% *}
      case $times in *[!0-9]*) times=0 ;; esac
      ;;
  esac
}

after= seen=' '
for folder in proc/irq/[0-9]*; do
  irq=${folder#proc/irq/}
  name= passed=
  for action in "$folder"/*/; do
    [ -d "$action" ] || continue
    action=${action%/}
    name=${action##*/}
    case $name in vfio-*) passed=yes ;; esac
  done
  [ -n "$name" ] || continue
  if [ -n "$passed" ]; then
    after="${after}passed-through $irq$newline"
    continue
  fi
  { read -r now <"$folder/smp_affinity_list"; } 2>/dev/null || continue
  case $now in '' | *[!0-9,-]*) continue ;; esac
  inside "$now" && continue
  if { printf '%s\n' "$wanted" >"$folder/smp_affinity_list"; } 2>/dev/null; then
    times_before "$irq"
    after="${after}set $irq $((times + 1)) $now $name$newline"
    seen="$seen$irq "
    echo "interrupt $irq ($name) was on CPU $now, now on $wanted"
  else
    after="${after}fixed $irq $name$newline"
  fi
done

# What was moved in earlier passes and stayed is still told.
rest=$before
while [ -n "$rest" ]; do
  line=${rest%%"$newline"*}
  rest=${rest#*"$newline"}
  case $line in
    'set '*)
      irq=${line#set }
      irq=${irq%% *}
      case $seen in *" $irq "*) ;; *) [ -d "proc/irq/$irq" ] && after=$after$line$newline ;; esac
      ;;
  esac
done

[ "$after" = "$before" ] && [ -e "$state" ] && exit 0
mkdir -p run/rtvm-bench && printf '%s' "$after" >"$state.new" && mv "$state.new" "$state"
