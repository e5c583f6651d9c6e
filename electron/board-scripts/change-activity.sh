# What a restart would end. Answers one line each: run ID OWNER | vm NAME | none at the end, always.
for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
  if read_lock "$holder" && alive "$lock_pid" "$lock_started" "$lock_boot"; then say "run $lock_run $lock_owner"; fi
done
listed=
if command -v virsh >/dev/null 2>&1; then
  names=$(virsh -c qemu:///system list --name 2>/dev/null) && listed=yes
  printf '%s\n' "$names" | while IFS= read -r name; do [ -z "$name" ] || say "vm $name"; done
fi
if [ -z "$listed" ]; then
  # Virtual machines without libvirt, or one that does not answer: by their processes.
  for process in $(grep -l -E '^(qemu-system|qemu-kvm|acrn-dm)' /proc/[0-9]*/comm 2>/dev/null); do
    process=${process%/comm}
    say "vm ${process#/proc/} ($(tr '\0' ' ' <"$process/cmdline" 2>/dev/null | cut -c 1-60))"
  done
fi
say none
