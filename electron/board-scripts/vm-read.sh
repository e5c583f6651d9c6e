# Reads everything about the virtual machines of this host. Argument: URI (qemu:///system). Follows run-common.sh and
# vm-common.sh. It only reads: virsh is connected read-only, nothing is mounted, loaded or written.
#
# What it starts, in this order, for any number of VMs up to a hundred (then one more of the second for each hundred):
#   virsh -r -c URI "list --all --uuid; echo '@@active'; list --uuid"
#   virsh -r -c URI "echo '@@NONCE version'; version; echo '@@NONCE networks'; net-list --all;
#     echo '@@NONCE capabilities'; capabilities;" and for each VM, by its UUID:
#     "echo '@@NONCE domain UUID'; dominfo UUID; echo '@@NONCE inactive UUID'; dumpxml --inactive UUID;" and for one that runs
#     "echo '@@NONCE active UUID'; dumpxml UUID; echo '@@NONCE addresses UUID'; domifaddr --source lease UUID;
#     domifaddr --source arp UUID;"
#   df -Pk DIRECTORY · stat -c '%s %n' IMAGES · grep over /sys/fs/resctrl and over records · grep | sort over
#   /proc/PID/cmdline · grep | awk over /proc/PID/task/TID/{stat,status} (the last four only while a VM runs)
# Where libvirt does not answer: id -un, id -Gn, id -Gn USER.
#
# The answer is text: a first line `RTVM-BENCH-VMS 1 NONCE`, then sections that each begin with a line `@@NONCE NAME`. The nonce
# is new each time, so that nothing in a domain's description can be taken for a section. `@@NONCE end` is the last line.
uri=$1
nonce=
{ read -r nonce </proc/sys/kernel/random/uuid; } 2>/dev/null
case $nonce in '' | *[!0-9a-f-]*) nonce=$$ ;; esac
exec 3>&1
section() { printf '@@%s %s\n' "$nonce" "$*"; }

printf 'RTVM-BENCH-VMS 1 %s\n' "$nonce"

problem=
if ! command -v virsh >/dev/null 2>&1; then
  problem='virsh: not installed'
elif ! answer=$(virsh -r -c "$uri" "list --all --uuid; echo '@@active'; list --uuid" 2>&1); then
  problem=$answer
fi

uuids=
running=
if [ -n "$problem" ]; then
  section unreachable
  tell_reach
  section said
  say "$problem"
else
  # One word a line, and of these only UUIDs: what virsh is given is never anything else.
  part=all
  set -f
  for word in $answer; do
    case $word in
      @@active) part=active ;;
      *[!0-9a-f-]*) ;;
      ????????-????-????-????-????????????)
        if [ "$part" = all ]; then uuids="$uuids $word"; else running="$running $word"; fi ;;
    esac
  done
  orders="echo '@@$nonce version'; version; echo '@@$nonce networks'; net-list --all; echo '@@$nonce capabilities'; capabilities;"
  problems=
  count=0
  ask() {
    problems="$problems$(virsh -r -c "$uri" "$orders" 2>&1 >&3)"
    orders=
  }
  for uuid in $uuids; do
    orders="$orders echo '@@$nonce domain $uuid'; dominfo $uuid; echo '@@$nonce inactive $uuid'; dumpxml --inactive $uuid;"
    case " $running " in
      *" $uuid "*) orders="$orders echo '@@$nonce active $uuid'; dumpxml $uuid; echo '@@$nonce addresses $uuid'; domifaddr --source lease $uuid; domifaddr --source arp $uuid;" ;;
    esac
    count=$((count + 1))
    [ $((count % 100)) -ne 0 ] || ask
  done
  set +f
  [ -z "$orders" ] || ask
  section said
  [ -z "$problems" ] || say "$problems"
fi

images=/var/lib/libvirt/images
if [ -d "$images" ]; then
  section room
  df -Pk "$images" 2>/dev/null
  set --
  for file in "$images"/*; do
    case $file in *"
"*) continue ;; esac
    [ -f "$file" ] && set -- "$@" "$file"
  done
  section images
  [ $# -eq 0 ] || stat -c '%s %n' "$@" 2>/dev/null
fi

# --- Cache groups; the default group's tasks are all the others --------------------------------------------------------
if [ -e /sys/fs/resctrl/schemata ]; then
  set -- /sys/fs/resctrl/schemata /sys/fs/resctrl/cpus_list /sys/fs/resctrl/mode
  for group in /sys/fs/resctrl/*/; do
    [ -e "${group}schemata" ] && set -- "$@" "${group}schemata" "${group}cpus_list" "${group}mode" "${group}tasks"
  done
  section resctrl
  grep -aH '' "$@" 2>/dev/null
fi

section isolated
isolated=
{ read -r isolated </sys/devices/system/cpu/isolated; } 2>/dev/null
say "$isolated"

# --- VMs made from here: whoever made them, as root or not -------------------------------------------------------------
set --
for file in /var/lib/rtvm-bench/vms/*/made "$HOME"/.rtvm-bench/vms/*/made "$base"/vms/*/made; do
  [ -f "$file" ] || continue
  case " $* " in *" $file "*) continue ;; esac
  set -- "$@" "$file"
done
if [ $# -gt 0 ]; then
  section made
  grep -aH '' "$@" 2>/dev/null
fi

# --- Threads of running VMs, and of whatever else may run on the CPUs that vCPUs have for themselves --------------------
if [ -n "$running" ]; then
  set --
  for uuid in $running; do set -- "$@" -e "$uuid"; done
  # No -F: busybox then looks no further than the first argument.
  processes=$(grep -aoH "$@" /proc/[0-9]*/cmdline 2>/dev/null | sort -u)
  section processes
  [ -z "$processes" ] || say "$processes"
  # `thread PROCESS THREAD vm|other user|kernel CPUS POLICY PRIORITY LAST-CPU NAME` · `locked PROCESS KIB`. Of others at most 1000.
  section threads
  grep -aHE '^(Name|VmLck|Cpus_allowed_list):|\) [A-Za-z] [0-9]+ ' /proc/[0-9]*/task/[0-9]*/stat /proc/[0-9]*/task/[0-9]*/status 2>/dev/null \
    | awk -v processes="$processes" -v self=$$ '
      function cpus_of(list, into,   parts, ends, count, i, cpu) {
        count = split(list, parts, ",")
        for (i = 1; i <= count; i++) {
          if (split(parts[i], ends, "-") < 2) ends[2] = ends[1]
          for (cpu = ends[1] + 0; cpu <= ends[2] + 0; cpu++) into[cpu] = 1
        }
      }
      function overlaps(list,   mine, cpu) {
        cpus_of(list, mine)
        for (cpu in mine) if (cpu in own) return 1
        return 0
      }
      BEGIN {
        count = split(processes, lines, "\n")
        for (i = 1; i <= count; i++) { split(lines[i], part, "/"); of_vm[part[3]] = 1 }
      }
      {
        split($0, part, "/")
        thread = part[5]
        process[thread] = part[3]
        at = index($0, ":")
        file = substr($0, 1, at - 1)
        text = substr($0, at + 1)
        if (file ~ /status$/) {
          at = index(text, ":")
          key = substr(text, 1, at - 1)
          value = substr(text, at + 1)
          sub(/^[ \t]+/, "", value)
          if (key == "Name") name[thread] = value
          else if (key == "VmLck") { user[thread] = 1; locked[part[3]] = value + 0 }
          else allowed[thread] = value
        } else {
          sub(/^.*\) /, "", text)
          split(text, field, " ")
          parent[thread] = field[2]; last[thread] = field[37]; priority[thread] = field[38]; policy[thread] = field[39]
        }
      }
      END {
        for (one in of_vm) if (one in locked) print "locked", one, locked[one]
        # A thread of the kernel that works for a VM bears its process number: vhost-4711, kvm-pit/4711.
        for (thread in name) if (!(thread in user) && match(name[thread], /[-\/][0-9]+$/)) {
          master = substr(name[thread], RSTART + 1)
          if (master in of_vm && name[thread] ~ /^(vhost|kvm)/) process[thread] = master
        }
        for (thread in allowed) if (process[thread] in of_vm && name[thread] ~ /^CPU [0-9]+\// && allowed[thread] ~ /^[0-9]+$/) own[allowed[thread] + 0] = 1
        for (thread in allowed) {
          if (!(thread in policy)) continue
          ours = process[thread] in of_vm
          if (!ours) {
            if (process[thread] == self || parent[thread] == self || !overlaps(allowed[thread])) continue
            # Bound to one CPU, the kernel'"'"'s own are those every CPU has; threads of interrupts are moved by their interrupt.
            if (!(thread in user) && allowed[thread] ~ /^[0-9]+$/ && name[thread] !~ /^irq\//) continue
            if (++others > 1000) continue
          }
          print "thread", process[thread], thread, (ours ? "vm" : "other"), ((thread in user) ? "user" : "kernel"), allowed[thread], policy[thread], priority[thread], last[thread], name[thread]
        }
      }'
fi
section end
