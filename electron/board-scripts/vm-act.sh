# Starts or stops a virtual machine. Arguments: URI UUID ACT SECONDS. Follows run-common.sh and vm-common.sh.
# Started: virsh -c URI start|shutdown|destroy|reboot UUID, autostart UUID, autostart --disable UUID; after shutdown
# virsh -c URI domstate UUID each second until it is off, at most SECONDS.
# Answers: `done`, `still-on SECONDS` (it was told to shut down and did not), or `refused`, then what tell_reach says, and after a line
# `said` what virsh said.
uri=$1 uuid=$2 act=$3 seconds=$4
command -v virsh >/dev/null 2>&1 || { say refused; tell_reach; say said; say 'virsh: not installed'; exit 0; }
case $act in
  start) set -- start "$uuid" ;;
  shutdown) set -- shutdown "$uuid" ;;
  force-off) set -- destroy "$uuid" ;;
  reboot) set -- reboot "$uuid" ;;
  autostart-on) set -- autostart "$uuid" ;;
  autostart-off) set -- autostart --disable "$uuid" ;;
  *) say refused; say said; say "unknown act"; exit 0 ;;
esac
if ! answer=$(virsh -c "$uri" "$@" 2>&1); then
  say refused
  tell_reach
  say said
  say "$answer"
  exit 0
fi
if [ "$act" = shutdown ]; then
  waited=0
  # A VM that is gone altogether was a transient one: it is off.
  while state=$(virsh -c "$uri" domstate "$uuid" 2>/dev/null); do
    case $state in 'shut off'* | crashed*) break ;; esac
    [ "$waited" -lt "$seconds" ] || { say "still-on $seconds"; exit 0; }
    sleep 1
    waited=$((waited + 1))
  done
fi
say "done"
