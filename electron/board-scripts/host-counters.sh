# What a host counts, read before one of its guests is measured and after: one reading in the form of a run's journal, whose
# times count from the host's own boot. Follows run-common.sh and run-counters.sh. Arguments: ID of the run, CPUS (a list)
# that carry the guest; empty: those that are online.
LC_ALL=C
export LC_ALL
require_id "$1"
cpus=$2
if [ -z "$cpus" ]; then read -r cpus </sys/devices/system/cpu/online; fi
say "rtvm-bench-journal 1 ;"
say "run $1 ;"
say "boot $boot ;"
say "start $(date +%s) 0 ;"
say "plan $cpus 1 1 1 ;"
if [ "$(id -u)" = 0 ]; then say "root yes ;"; else say "root no ;"; fi
counter_records "$cpus"
