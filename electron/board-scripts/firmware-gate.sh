# Measures whether the firmware leaves the CPUs alone. Arguments: SECONDS THRESHOLD_US. Follows run-common.sh; runs as root.
# Answers: busy RUN EPOCH OWNER | refused no-hwlatdetect; else two readings of the SMI counter where the MSR driver is
# loaded (`smi-before`, `smi-after`: a decimal a CPU) and between them `hwlatdetect`, what it printed, `status CODE`.
for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
  if read_lock "$holder" && alive "$lock_pid" "$lock_started" "$lock_boot"; then say "busy $lock_run $lock_epoch $lock_owner"; exit 0; fi
  if read_change "$holder" && change_is_fresh; then say "busy $change_id $change_epoch $change_owner"; exit 0; fi
done
command -v hwlatdetect >/dev/null 2>&1 || { say "refused no-hwlatdetect"; exit 0; }

# Register 0x34 of every CPU, in CPU order. Reading interrupts the CPU: never between the two readings.
smi_counts() {
  number=0
  while [ -e "/dev/cpu/$number/msr" ]; do
    count=$(dd if="/dev/cpu/$number/msr" bs=8 count=1 skip=52 iflag=skip_bytes 2>/dev/null | od -An -tu4 -N4 | tr -d ' ')
    [ -z "$count" ] || say "$count"
    number=$((number + 1))
  done
}
say smi-before
smi_counts
say hwlatdetect
hwlatdetect --duration="$1" --threshold="$2" 2>&1
say "status $?"
say smi-after
smi_counts
