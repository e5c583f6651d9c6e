# What a board counts, as records of a run's journal: see run-journal and counters in shared/parsers for their grammar.
# Few processes, all of them where the runner is; nothing is loaded, mounted or changed. Never called while something is
# measured: to tell a CPU's frequency or its SMI count, the kernel may interrupt that CPU.

# Numbers of a list like 2-4,8, a word each, into `numbers`.
numbers_of() {
  numbers=
  set -f
  IFS=,
  set -- $1
  unset IFS
  set +f
  for region; do
    number=${region%-*}
    while [ "$number" -le "${region#*-}" ]; do
      numbers="$numbers $number"
      number=$((number + 1))
    done
  done
}

# value_of FILE: its first word into `value`; fails where it cannot be read. No process is started.
value_of() {
  value=
  { read -r value other <"$1"; } 2>/dev/null
  [ -n "$value" ]
}

# A block a group of files that are too many or too small to be blocks by themselves; `@NAME` begins one.
gathered_counters() {
  sys=/sys/devices/system
  say @system
  value_of "$sys/clocksource/clocksource0/current_clocksource" && say "clocksource $value"
  # The kernel gives such a number whole or not at all: a shell that reads byte by byte would see its first digit only.
  value=$(cat /proc/sys/kernel/sched_rt_runtime_us 2>/dev/null) && say "sched_rt_runtime_us $value"
  value_of "$sys/cpu/intel_pstate/no_turbo" && say "no_turbo $value"
  value_of "$sys/cpu/online" && say "online $value"
  say @throttle
  for cpu in $numbers; do
    for kind in core package; do
      file=$sys/cpu/cpu$cpu/thermal_throttle/${kind}_throttle_count
      value_of "$file" && say "$file:$value"
    done
  done
  say @cpufreq
  for cpu in $numbers; do
    line=cpu$cpu
    for name in scaling_cur_freq scaling_min_freq scaling_max_freq scaling_governor; do
      value_of "$sys/cpu/cpu$cpu/cpufreq/$name" || break
      line="$line $value"
    done
    [ -z "$value" ] || say "$line"
  done
  # Of each state: name, exit latency and time in µs, entries, whether it is shut.
  say @cpuidle
  for cpu in $numbers; do
    line=
    for state in "$sys/cpu/cpu$cpu/cpuidle"/state*; do
      value_of "$state/name" || continue
      line="$line $value"
      for name in latency usage time disable; do value_of "$state/$name"; line="$line,$value"; done
    done
    [ -z "$line" ] || say "cpu$cpu$line"
  done
  # Counted where the MSR driver is loaded already. One CPU stands for all: a system management interrupt stops them together.
  for cpu in $numbers; do
    [ -r "/dev/cpu/$cpu/msr" ] || break
    count=$(dd if="/dev/cpu/$cpu/msr" bs=8 count=1 skip=52 iflag=skip_bytes 2>/dev/null | od -An -tu4 -N4)
    say @smi
    say "cpu$cpu $((${count:-0}))"
    break
  done
  # Virtual machines of KVM, to root and where debugfs is mounted already: each VM's sums, and the exits of each vCPU.
  for folder in /sys/kernel/debug/kvm/*-*; do
    [ -d "$folder" ] || break
    say @kvm
    grep -s . /sys/kernel/debug/kvm/*-*/* /sys/kernel/debug/kvm/*-*/vcpu*/*exits | head -n 600
    break
  done
  say @messages
  { dmesg || echo unreadable; } 2>/dev/null |
    grep -E '^unreadable$|RT throttling activated|[Cc]locksource.*(unstable|Switched|skew)|clock throttled|(perf|hrtimer): interrupt took|NMI handler .* took too long|Hardware Error|detected stalls?|soft lockup|hard LOCKUP|split.lock' | tail -n 20
}

# counter_records CPUS: the records of one reading, to standard output. CPUS, a list, are those that are measured.
counter_records() {
  numbers_of "$1"
  read -r up rest </proc/uptime
  say "counters $up ;" || return 1
  set -- /proc/interrupts /proc/softirqs /proc/stat
  for file in /proc/schedstat /proc/vmstat; do [ ! -r "$file" ] || set -- "$@" "$file"; done
  gathered_counters | awk '
    function finish() { if (open != "") printf "e %s %d ;\n", open, bytes; open = ""; bytes = 0 }
    /^@/ { finish(); waiting = substr($0, 2); next }
    waiting != "" { open = waiting; waiting = ""; printf "b %s ;\n", open }
    { print "|" $0; bytes += length($0) + 1 }
    END { finish() }' || return 1
  awk '
    function finish() { if (open != "") printf "e %s %d ;\n", open, bytes; open = ""; bytes = 0 }
    FNR == 1 { finish(); file = FILENAME; sub(/.*\//, "", file) }
    file == "stat" && !/^(c|btime|processes)/ { next }
    file == "schedstat" && !/^(version|cpu)/ { next }
    file == "vmstat" && !/^(pgfault|pgmajfault|pgmigrate_success|pswpin|pswpout|allocstall_[a-z0-9]+|compact_stall|compact_daemon_wake|thp_split_pmd|thp_collapse_alloc|numa_pages_migrated|numa_hint_faults|numa_pte_updates|nr_tlb_[a-z_]+) / { next }
    open == "" { open = file; printf "b %s ;\n", open }
    { print "|" $0; bytes += length($0) + 1 }
    END { finish() }' "$@"
}
