# Ends the board's workload and removes everything it made. Answers: stopped KIND | none | needs-root | refused not-removed PATH.
for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
  dir=$holder/workload
  [ -e "$dir" ] || continue
  if [ ! -w "$holder" ] || [ ! -w "$dir" ]; then say needs-root; exit 0; fi
  its_kind=unknown
  { read -r its_kind rest; } 2>/dev/null <"$dir/record"
  if end_workload "$dir"; then say "stopped $its_kind"; else say "refused not-removed $dir"; fi
  exit 0
done
say none
