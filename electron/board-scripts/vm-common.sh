# What the scripts about virtual machines share, after run-common.sh.

# Why libvirt could not be reached, or may not be told anything: facts only, the reader concludes.
tell_reach() {
  say "user $(id -un 2>/dev/null)"
  say "session-groups $(id -Gn 2>/dev/null)"
  # By name: what the next log-in will have.
  say "account-groups $(id -Gn "$(id -un 2>/dev/null)" 2>/dev/null)"
  for program in virsh libvirtd virtqemud qemu-system-x86_64 qemu-kvm; do
    command -v "$program" >/dev/null 2>&1 && say "program $program"
  done
  [ -x /usr/libexec/qemu-kvm ] && say "program qemu-kvm"
  for socket in libvirt-sock libvirt-sock-ro virtqemud-sock virtqemud-sock-ro; do
    [ -S "/run/libvirt/$socket" ] && say "socket $socket"
  done
  [ -e /dev/kvm ] && say "device kvm"
  return 0
}
