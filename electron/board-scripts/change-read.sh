# Reads what the steps of a change are about. Arguments: KIND TARGET, pairwise. Changes nothing.
# Answers: machine ID | boot ID | kernel RELEASE | command-line BASE64, then one line per pair: its number and its state.
# Without a pair: system STATE, what systemd says of the start (starting, running, degraded …), where there is one.
machine=unknown
{ read -r machine </etc/machine-id; } 2>/dev/null
say "machine $machine"
say "boot $boot"
release=unknown
{ read -r release </proc/sys/kernel/osrelease; } 2>/dev/null
say "kernel $release"
say "command-line $(in_base64 </proc/cmdline 2>/dev/null)"
if [ $# -eq 0 ] && [ -d /run/systemd/system ]; then say "system $(systemctl is-system-running 2>/dev/null)"; fi
number=0
while [ $# -ge 2 ]; do
  number=$((number + 1))
  say "state $number $(state_of "$1" "$2")"
  shift 2
done
