# Removes everything of ours that this user can have on the board; a load that is on is ended. Answers: busy RUN EPOCH OWNER |
# nothing | vms NAME… (made from here, and still there) | removed KIB PATH | refused not-removed PATH; before it `system-folder` when there is more that only root can remove.
if [ "$base" != /var/lib/rtvm-bench ] && [ -z "${RTVM_BENCH_DIR:-}" ] && [ -d /var/lib/rtvm-bench ]; then say system-folder; fi
if read_lock "$base" && alive "$lock_pid" "$lock_started" "$lock_boot"; then
  say "busy $lock_run $lock_epoch $lock_owner"
  exit 0
fi
if read_change "$base" && change_is_fresh; then
  say "busy $change_id $change_epoch $change_owner"
  exit 0
fi
# Packages are installed by a process of its own, which a lost link does not end.
for work in "$base"/packages/*; do
  if read_runner "$work" && alive "$runner_pid" "$runner_started" "$runner_boot"; then
    say "busy packages 0 RTVM Bench"
    exit 0
  fi
done
# A campaign measures on by itself, and is between two cells when nothing else of ours is on.
for work in "$base"/campaigns/*; do
  if read_runner "$work" && alive "$runner_pid" "$runner_started" "$runner_boot"; then
    its_epoch= its_owner=
    { read -r its_epoch its_owner <"$work/by"; } 2>/dev/null
    say "busy ${work##*/} $its_epoch $its_owner"
    exit 0
  fi
done
if [ ! -d "$base" ]; then say nothing; exit 0; fi
# A VM is removed by its record: while there is one, the VM goes first.
made=
for record in "$base"/vms/*/made; do
  [ -f "$record" ] || continue
  record=${record%/made}
  made="$made ${record##*/}"
done
if [ -n "$made" ]; then say "vms$made"; exit 0; fi
used=$(du -sk "$base" | { read -r kib rest; say "$kib"; })
if [ -e "$base/workload" ] && ! end_workload "$base/workload"; then say "refused not-removed $base/workload"; exit 0; fi
rm -rf "$base"
if [ -e "$base" ]; then say "refused not-removed $base"; else say "removed $used $base"; fi
