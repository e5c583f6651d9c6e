# Removes everything of ours from the board. Answers: busy RUN EPOCH OWNER | nothing | removed KIB PATH | refused not-removed PATH.
if read_lock "$base" && alive "$lock_pid" "$lock_started" "$lock_boot"; then
  say "busy $lock_run $lock_epoch $lock_owner"
  exit 0
fi
if [ ! -d "$base" ]; then say nothing; exit 0; fi
used=$(du -sk "$base" | { read -r kib rest; say "$kib"; })
rm -rf "$base"
if [ -e "$base" ]; then say "refused not-removed $base"; else say "removed $used $base"; fi
