# CPU times of every CPU before and after a pause on the board. Arguments: SECONDS.
# Answers two blocks: `at HUNDREDTHS PER_SECOND`, then the lines of /proc/stat that begin with cpu and a number.
cpu_times() {
  read -r up rest </proc/uptime
  say "at ${up%.*}${up#*.} $(getconf CLK_TCK 2>/dev/null || say 100)"
  grep '^cpu[0-9]' /proc/stat
}
cpu_times
sleep "$1"
cpu_times
