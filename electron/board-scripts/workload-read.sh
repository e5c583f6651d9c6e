# Tells how the board's workload is doing. Waits a second on the board, between two readings of its CPU time. Answers none, or
#   kind NAME | began EPOCH | seconds N | owner WHO | command TEXT | state running | ended EPOCH WHY | killed | rebooted
#   busy TICKS PER_SECOND HUNDREDTHS: what its session used meanwhile; then the end of what it printed, a line each behind a bar.
# CPU time of all of session $1 in ticks: what has ended and was waited for stands in its parent's.
session_ticks() {
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$1" '{ sub(/^.*\) /, ""); if ($4 == session) total += $12 + $13 + $14 + $15 } END { printf "%.0f\n", total }'
}
hundredths() {
  read -r up rest </proc/uptime
  hundredths=${up%.*}${up#*.}
}

for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
  dir=$holder/workload
  its_kind=
  { read -r its_kind its_epoch its_seconds && read -r its_owner && read -r its_command; } 2>/dev/null <"$dir/record"
  [ -z "$its_kind" ] || break
done
if [ -z "$its_kind" ]; then say none; exit 0; fi
say "kind $its_kind"
say "began $its_epoch"
say "seconds $its_seconds"
say "owner $its_owner"
say "command $its_command"
if watched "$dir"; then
  say "state running"
  if read_load "$dir"; then
    hundredths
    before=$(session_ticks "$load_pid") from=$hundredths
    sleep 1
    after=$(session_ticks "$load_pid")
    hundredths
    say "busy $((after - before)) $(getconf CLK_TCK 2>/dev/null || say 100) $((hundredths - from))"
  fi
elif [ -e "$dir/ended" ]; then
  read -r its_end why <"$dir/ended"
  say "state ended $its_end $why"
else
  read_runner "$dir"
  if [ "$runner_boot" = "$boot" ]; then say "state killed"; else say "state rebooted"; fi
fi
tail -n 5 "$dir/log" 2>/dev/null | cut -c 1-400 | while IFS= read -r line; do say "|$line"; done
exit 0
