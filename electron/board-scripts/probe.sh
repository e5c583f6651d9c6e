#!/bin/sh
# RTVM Bench probe: reads what matters for real-time work from this machine and prints it as one capture.
#
# By hand, from a USB stick:   sh probe.sh > board.capture
# As root it sees more; without root it says what it could not see. Needs only a POSIX shell and grep.
#
# It only reads: it loads no module, mounts nothing, writes nothing and starts fewer than ten short processes.
# It leaves alone what would disturb: current frequencies and MSRs (each read interrupts the CPU in question),
# the environment of processes, passwords and package credentials.
#
# The capture is text. A line that begins with "@@ " opens a section; what was read never stands at the start of a
# line: it follows "path:" or "|". "@@ end" is the last line, so that a cut-off capture shows.

probe_version=2

LC_ALL=C
export LC_ALL
newline='
'
tab='	'
case :$PATH: in
  *:/usr/sbin:*) ;;
  *) [ -n "${RTVM_ROOT:-}" ] || PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin ;;
esac
if [ -t 1 ]; then
  printf 'This prints the capture on the screen. To keep it: sh probe.sh > board.capture\n' >&2
fi
cd "${RTVM_ROOT:-/}" || exit 1
exec 3>&1

processes=0
uptime_start=
[ -r proc/uptime ] && read -r uptime_start rest <proc/uptime

# section NAME: opens a section.
section() { printf '@@ %s\n' "$1"; }

# body TEXT: prints the lines of TEXT behind a "|".
body() {
  [ -n "$1" ] || return 0
  set -f
  IFS=$newline
  # shellcheck disable=SC2086 # one argument per line is the point
  printf '|%s\n' $1
  unset IFS
  set +f
}

# read_files FILE...: one process prints every line of all of them as "path:line"; what it complains of is kept.
read_files() {
  section files
  processes=$((processes + 1))
  problems=$(grep -aH -m 5000 '' "$@" 2>&1 >&3)
  section unread
  body "$problems"
}

# read_lines PATTERN FILE...: the same, but only lines that match PATTERN.
read_lines() {
  section files
  processes=$((processes + 1))
  problems=$(grep -aHE -m 20000 "$@" 2>&1 >&3)
  section unread
  body "$problems"
}

printf 'RTVM-BENCH-CAPTURE 1\n'
section about
body "probe $probe_version"

# The log-in behind this process: the first one up the line that is not root's, as sudo and sshd run as root. Groups are given at
# the log-in, so that these may differ from what the files say by now.
login=$$
while [ "$login" -gt 1 ] && [ -r "proc/$login/status" ]; do
  parent=0
  uid=
  effective=
  groups=
  while read -r key value rest; do
    case $key in
      PPid:) parent=$value ;;
      # sudo keeps the number of who called it and has root's groups.
      Uid:) uid=$value effective=${rest%%[!0-9]*} ;;
      Groups:) groups="$value $rest" ;;
    esac
  done 2>/dev/null <"proc/$login/status"
  [ "$uid" = 0 ] || [ "$effective" = 0 ] || break
  login=$parent
done
if { [ "${uid:-}" = 0 ] || [ "${effective:-}" = 0 ]; } && [ -n "${SUDO_UID:-}" ]; then
  # Nothing of the log-in is left up the line, as where sshd is one process for all: sudo tells who it was.
  uid=$SUDO_UID
  groups=
fi
if [ -n "${uid:-}" ]; then
  user=${SUDO_USER:-${LOGNAME:-}}
  if [ -r etc/passwd ]; then
    while IFS=: read -r name _ number _; do
      [ "$number" = "$uid" ] && user=$name && break
    done <etc/passwd
  fi
  section session
  body "user $user${newline}uid $uid${newline}groups $groups"
fi

kernel=
if [ -r proc/sys/kernel/ostype ]; then
  read -r kernel <proc/sys/kernel/ostype
fi
if [ "$kernel" != Linux ]; then
  section 'command uname'
  processes=$((processes + 1))
  body "$(uname -a 2>&1)"
fi
release=
[ -r proc/sys/kernel/osrelease ] && read -r release <proc/sys/kernel/osrelease

# The first CPU stands for all in what is read of cpuinfo; the whole of it would be half a megabyte on a big server.
virtual=
if [ -r proc/cpuinfo ]; then
  section files
  while IFS= read -r line && [ -n "$line" ]; do
    printf 'proc/cpuinfo:%s\n' "$line"
    case $line in flags*' hypervisor'*) virtual=yes ;; esac
  done <proc/cpuinfo
fi

# --- What exists: names alone tell ---------------------------------------------------------------------------------
section exists
for name in dev/kvm dev/acrn_hsm dev/ipmi0 dev/ipmi/0 dev/ipmidev/0 dev/cpu/0/msr dev/watchdog dev/vfio/vfio \
  run/systemd/system run/openrc .dockerenv run/.containerenv run/reboot-required run/ostree-booted proc/vz proc/bc proc/xen \
  sys/firmware/efi sys/firmware/acpi sys/firmware/dmi/entries sys/class/dmi/id sys/class/iommu sys/class/firmware-attributes sys/fs/resctrl sys/fs/resctrl/schemata \
  sys/kernel/debug/sched sys/bus/pci sys/devices/system/node sys/devices/system/cpu/smt sys/devices/system/cpu/intel_pstate \
  sys/devices/system/cpu/cpu0/cpufreq sys/devices/system/cpu/cpu0/cpuidle boot/grub/grub.cfg boot/grub2/grub.cfg boot/grub/custom.cfg boot/grub2/custom.cfg \
  var/lib/dpkg/status lib/apk/db/installed var/lib/rpm usr/lib/sysimage/rpm etc/grub.d/09_eci \
  etc/pki/consumer/cert.pem var/lib/ubuntu-advantage/machine-token.json usr/bin/dnf usr/bin/zypper usr/bin/pacman usr/libexec/qemu-kvm; do
  [ -e "$name" ] && printf '|%s\n' "$name"
done
printf '|%s\n' sys/firmware/acpi/tables/[A-Z]* sys/firmware/dmi/entries/38-* sys/class/iommu/* sys/class/watchdog/* \
  sys/class/firmware-attributes/* sys/kernel/iommu_groups/*/devices/* sys/bus/pci/devices/* sys/bus/pci/drivers/*/[0-9a-f]*:* \
  sys/fs/cgroup/system.slice/*.service sys/fs/cgroup/systemd/system.slice/*.service run/openrc/started/* etc/runlevels/*/* \
  etc/systemd/system/*.wants/* etc/systemd/system/*.service run/log/journal/*/system.journal var/log/journal/*/system.journal \
  boot/vmlinuz* lib/modules/* var/lib/dkms/* \
  boot/efi/EFI/Linux/*.efi boot/EFI/Linux/*.efi efi/EFI/Linux/*.efi
# Virtual machines: daemons that are installed, sockets that listen, networks, definitions; kinds of systems that are known by name;
# functions of SR-IOV; clocks of the hypervisor; services that keep the time.
printf '|%s\n' usr/lib/systemd/system/libvirtd.s* lib/systemd/system/libvirtd.s* usr/lib/systemd/system/virt*d.s* lib/systemd/system/virt*d.s* \
  run/libvirt/*-sock run/libvirt/network/*.xml run/libvirt/qemu/*.xml etc/libvirt/qemu/*.xml etc/libvirt/qemu/autostart/*.xml \
  etc/libvirt/qemu/networks/*.xml etc/libvirt/qemu/networks/autostart/*.xml usr/share/libvirt/networks/*.xml \
  usr/share/osinfo/os/debian.org/debian-1[1-9].xml usr/share/osinfo/os/ubuntu.com/ubuntu-2[2-9].04.xml usr/share/osinfo/os/redhat.com/rhel-[89]-unknown.xml \
  etc/osinfo/os/debian.org/debian-1[1-9].xml etc/osinfo/os/ubuntu.com/ubuntu-2[2-9].04.xml etc/osinfo/os/redhat.com/rhel-[89]-unknown.xml \
  sys/bus/pci/devices/*/physfn sys/class/ptp/* \
  usr/lib/systemd/system/chrony*.service lib/systemd/system/chrony*.service usr/lib/systemd/system/systemd-timesyncd.service lib/systemd/system/systemd-timesyncd.service
section newer
for generated in boot/grub/grub.cfg boot/grub2/grub.cfg; do
  [ -e "$generated" ] || continue
  for file in etc/default/grub etc/default/grub.d/*.cfg etc/grub.d/*; do
    [ -f "$file" ] && [ "$file" -nt "$generated" ] && printf '|%s %s\n' "$file" "$generated"
  done
done
section unread
for directory in boot boot/grub boot/grub2 boot/loader boot/loader/entries boot/efi efi etc/default/grub.d etc/grub.d \
  etc/sysctl.d etc/modprobe.d sys/kernel/debug etc/libvirt/qemu etc/libvirt/qemu/networks run/libvirt/network run/libvirt/qemu; do
  [ -d "$directory" ] && [ ! -r "$directory" ] && printf '|%s: Permission denied\n' "$directory"
done

# --- Configuration, written by people: names that would upset the framing are passed over ---------------------------
set --
for file in etc/os-release usr/lib/os-release etc/debian_version etc/redhat-release etc/default/grub etc/default/grub.d/* \
  etc/sysconfig/grub etc/grub.d/*eci* etc/grub.d/4[0-9]_* boot/grub/grubenv boot/grub2/grubenv boot/efi/EFI/*/grubenv \
  boot/loader/entries/*.conf boot/loader/loader.conf boot/efi/loader/entries/*.conf boot/efi/loader/loader.conf \
  efi/loader/entries/*.conf efi/loader/loader.conf etc/kernel/cmdline boot/extlinux/extlinux.conf boot/firmware/cmdline.txt \
  etc/sysctl.conf etc/sysctl.d/*.conf run/sysctl.d/*.conf usr/local/lib/sysctl.d/*.conf usr/lib/sysctl.d/*.conf \
  etc/modprobe.d/*.conf etc/modules etc/modules-load.d/*.conf etc/tmpfiles.d/*.conf etc/udev/rules.d/*.rules \
  etc/systemd/system.conf etc/systemd/system.conf.d/*.conf etc/systemd/journald.conf etc/systemd/journald.conf.d/*.conf \
  etc/default/irqbalance etc/sysconfig/irqbalance etc/default/cpufrequtils etc/default/cpupower etc/tuned/active_profile \
  etc/tuned/profile_mode etc/tuned/*-variables.conf etc/security/limits.conf etc/security/limits.d/*.conf run/systemd/container \
  run/host/container-manager var/lib/tuned/active_profile etc/crypttab etc/sysconfig/kernel etc/initramfs-tools/modules \
  etc/dracut.conf etc/dracut.conf.d/*.conf etc/systemd/system/rtvm-bench-*.service run/rtvm-bench/irq-affinity \
  etc/libvirt/qemu/networks/*.xml usr/share/libvirt/networks/*.xml usr/share/osinfo/VERSION etc/osinfo/VERSION; do
  case $file in *:* | *"$newline"*) continue ;; esac
  [ -f "$file" ] && set -- "$@" "$file"
done
# Menu entries added by people; not those behind a password.
for file in boot/grub/custom.cfg boot/grub2/custom.cfg; do
  [ -f "$file" ] || continue
  processes=$((processes + 1))
  if grep -aq password "$file" 2>/dev/null; then
    section unread
    body "$file: holds a password"
  else
    [ -s "$file" ] && set -- "$@" "$file"
  fi
done

# --- Values of the kernel ------------------------------------------------------------------------------------------
cpu=sys/devices/system/cpu
set -- "$@" proc/cmdline proc/version proc/meminfo proc/interrupts proc/swaps proc/modules proc/filesystems proc/uptime \
  proc/self/status proc/self/limits proc/1/status proc/1/comm proc/1/cgroup proc/irq/default_smp_affinity \
  proc/sys/kernel/ostype proc/sys/kernel/osrelease proc/sys/kernel/version proc/sys/kernel/arch proc/sys/kernel/hostname \
  proc/sys/kernel/random/boot_id proc/sys/kernel/timer_migration proc/sys/kernel/sched_rt_runtime_us \
  proc/sys/kernel/sched_rt_period_us proc/sys/kernel/watchdog proc/sys/kernel/nmi_watchdog proc/sys/kernel/soft_watchdog \
  proc/sys/kernel/watchdog_cpumask proc/sys/kernel/watchdog_thresh proc/sys/kernel/hung_task_timeout_secs \
  proc/sys/kernel/numa_balancing proc/sys/kernel/sched_autogroup_enabled proc/sys/kernel/sched_energy_aware \
  proc/sys/kernel/sched_schedstats proc/sys/kernel/split_lock_mitigate proc/sys/kernel/dmesg_restrict \
  proc/sys/kernel/perf_event_paranoid proc/sys/kernel/perf_event_max_sample_rate proc/sys/kernel/perf_cpu_time_max_percent \
  proc/sys/kernel/printk proc/sys/kernel/panic proc/sys/kernel/panic_on_oops proc/sys/kernel/sysrq proc/sys/kernel/tainted \
  proc/sys/kernel/ftrace_enabled proc/sys/kernel/kexec_load_disabled proc/sys/kernel/modules_disabled proc/sys/vm/stat_interval proc/sys/vm/swappiness \
  proc/sys/vm/nr_hugepages proc/sys/vm/dirty_ratio proc/sys/vm/dirty_background_ratio proc/sys/vm/dirty_writeback_centisecs proc/sys/vm/dirty_expire_centisecs \
  proc/sys/vm/compaction_proactiveness proc/sys/vm/zone_reclaim_mode proc/sys/vm/overcommit_memory \
  proc/sys/net/core/busy_poll proc/sys/net/core/busy_read proc/sys/net/core/rps_default_mask \
  sys/class/dmi/id/[bp]*_[a-z]* sys/class/dmi/id/sys_vendor sys/class/dmi/id/chassis_type sys/hypervisor/type \
  sys/firmware/efi/efivars/SecureBoot-* sys/firmware/efi/efivars/LoaderEntryOneShot-* \
  sys/firmware/efi/efivars/LoaderEntryDefault-* sys/kernel/security/lockdown sys/kernel/realtime sys/power/mem_sleep sys/power/state \
  sys/kernel/debug/sched/preempt sys/kernel/debug/sched/fair_server/cpu*/* sys/kernel/debug/dri/*/i915_sagv_status \
  $cpu/online $cpu/offline $cpu/present $cpu/possible $cpu/isolated $cpu/nohz_full $cpu/kernel_max $cpu/smt/* \
  $cpu/vulnerabilities/* $cpu/cpuidle/* $cpu/cpufreq/boost $cpu/intel_pstate/* $cpu/amd_pstate/* \
  sys/devices/cpu_core/cpus sys/devices/cpu_atom/cpus sys/devices/cpu_lowpower/cpus \
  sys/devices/system/node/node*/cpulist sys/devices/system/node/node*/distance sys/devices/system/node/node*/meminfo \
  sys/devices/system/node/node*/hugepages/*/*_hugepages sys/kernel/mm/hugepages/*/*_hugepages \
  sys/kernel/mm/transparent_hugepage/enabled sys/kernel/mm/transparent_hugepage/defrag sys/kernel/mm/ksm/run \
  sys/devices/virtual/workqueue/cpumask* sys/bus/workqueue/devices/writeback/cpumask \
  sys/devices/system/clocksource/clocksource0/current_clocksource sys/devices/system/clocksource/clocksource0/available_clocksource sys/block/dm-*/dm/name sys/block/dm-*/dm/uuid sys/class/watchdog/*/identity sys/class/watchdog/*/timeout \
  sys/class/watchdog/*/state sys/class/scsi_host/*/link_power_management_policy sys/kernel/iommu_groups/*/type \
  sys/fs/resctrl/schemata sys/fs/resctrl/*/schemata sys/fs/resctrl/*/cpus_list sys/fs/resctrl/cpus_list sys/fs/resctrl/mode \
  sys/class/iommu/*/intel-iommu/*cap sys/class/iommu/*/amd-iommu/features sys/class/ptp/*/clock_name \
  sys/fs/resctrl/*/mode sys/fs/resctrl/size sys/fs/resctrl/info/last_cmd_status
if [ -d sys/fs/resctrl/info ]; then
  for file in num_closids cbm_mask min_cbm_bits shareable_bits bit_usage sparse_masks min_bandwidth bandwidth_gran delay_linear \
    thread_throttle_mode num_rmids mon_features; do
    set -- "$@" sys/fs/resctrl/info/*/$file
  done
fi
for module in kvm kvm_intel kvm_amd processor intel_idle cpuidle cpuidle_haltpoll haltpoll pcie_aspm workqueue rcupdate rcutree nvme \
  vfio vfio_pci vfio_iommu_type1 i915 xe snd_hda_intel usbcore module; do
  [ -d "sys/module/$module/parameters" ] && set -- "$@" sys/module/$module/parameters/*
done
# Limits of the graphics clock; its current value is left alone, reading it can wake the GPU.
set -- "$@" sys/class/drm/card*/gt/gt*/rc6_enable sys/class/drm/card*/gt/gt*/rps_m[ai][xn]_freq_mhz \
  sys/class/drm/card*/gt/gt*/rps_boost_freq_mhz sys/class/drm/card*/gt/gt*/rps_RP* sys/class/drm/card*/power/rc6_enable \
  sys/class/drm/card*/gt_m[ai][xn]_freq_mhz sys/class/drm/card*/gt_boost_freq_mhz sys/class/drm/card*/gt_RP*_freq_mhz \
  sys/class/drm/card*/device/tile*/gt*/gtidle/idle_status sys/class/drm/card*/device/tile*/gt*/freq0/m[ai][xn]_freq \
  sys/class/drm/card*/device/tile*/gt*/freq0/rp[0en]_freq
for attributes in sys/class/firmware-attributes/*/attributes; do
  [ -d "$attributes" ] || continue
  set -- "$@" "$attributes"/*/type "$attributes"/*/current_value "$attributes"/*/possible_values "$attributes"/pending_reboot \
    "$attributes"/*/min_value "$attributes"/*/max_value "${attributes%attributes}"authentication/*/is_enabled
done
set -- "$@" sys/bus/pci/devices/*/uevent sys/bus/pci/devices/*/numa_node sys/bus/pci/devices/*/msi_irqs/* \
  sys/bus/pci/devices/*/sriov_totalvfs sys/bus/pci/devices/*/sriov_numvfs sys/bus/pci/devices/*/link/* sys/bus/pci/devices/*/current_link_speed sys/bus/pci/devices/*/current_link_width \
  sys/class/net/*/queues/*/rps_cpus sys/class/net/*/queues/*/xps_cpus sys/class/net/*/operstate \
  proc/irq/[0-9]*/smp_affinity_list proc/irq/[0-9]*/effective_affinity_list \
  $cpu/cpufreq/policy*/affected_cpus $cpu/cpufreq/policy*/scaling_driver $cpu/cpufreq/policy*/scaling_governor \
  $cpu/cpufreq/policy*/scaling_m[ai][xn]_freq $cpu/cpufreq/policy*/cpuinfo_m[ai][xn]_freq $cpu/cpufreq/policy*/energy_performance_preference
if [ $# -gt 2500 ]; then
  read_files "$@"
  set --
fi
set -- "$@" $cpu/cpu[0-9]*/online $cpu/cpu[0-9]*/topology/physical_package_id $cpu/cpu[0-9]*/topology/die_id \
  $cpu/cpu[0-9]*/topology/core_id $cpu/cpu[0-9]*/topology/thread_siblings_list $cpu/cpu[0-9]*/thermal_throttle/*_throttle_count \
  $cpu/cpu[0-9]*/power/pm_qos_resume_latency_us
# Of a cache: id, level, shared_cpu_list, size, type, ways_of_associativity. Of an idle state: name, latency, disable.
set -- "$@" $cpu/cpu[0-9]*/cache/index*/[iltw]* $cpu/cpu[0-9]*/cache/index*/s[hi]*[te]
if [ $# -gt 2500 ]; then
  read_files "$@"
  set --
fi
read_files "$@" $cpu/cpu[0-9]*/cpuidle/state*/[nl]a[mt]e* $cpu/cpu[0-9]*/cpuidle/state*/disable

# --- Of larger files, or of those with secrets in them (GRUB passwords, package credentials), only lines that matter --
packages='rt-tests|realtime-tests|rtla|rteval|stress-ng|linux-cpupower|kernel-tools|msr-tools|intel-cmt-cat|linux-perf|perf|trace-cmd|bpftrace'
packages="$packages|libvirt-(daemon|clients)|libvirt-daemon-[a-z-]*|virtinst|virt-install|qemu-system-x86|qemu-kvm|qemu-utils|xorriso|genisoimage"
packages="$packages|osinfo-db|osinfo-db-tools|libosinfo-bin|chrony|numactl|util-linux|pciutils"
packages="$packages|dmidecode|systemd|iperf3|tuned[a-z-]*|tuna|irqbalance|grub2-common|grubby|mokutil|ipmitool|fwupd|ethtool|procps"
packages="$packages|linux-image-[^ ]*|linux-intel[^ ]*|kernel-rt[^ ]*|linux-lts[^ ]*|eci-[^ ]*|acrn-[^ ]*|snapd|unattended-upgrades|thermald|power-profiles-daemon"
options='PREEMPT[A-Z_]*|NO_HZ[A-Z_]*|HZ[_0-9]*|CPU_ISOLATION|CPUSETS|RCU_[A-Z_]*|RT_GROUP_SCHED|IRQ_FORCED_THREADING|IKCONFIG[A-Z_]*'
options="$options|NUMA_BALANCING|TRANSPARENT_HUGEPAGE[A-Z_]*|HUGETLBFS|X86_CPU_RESCTRL|X86_MSR|KVM[A-Z_]*|VFIO[A-Z_]*|[A-Z_]*_TRACER"
options="$options|(INTEL|AMD)_IOMMU[A-Z_]*|IOMMU_DEFAULT[A-Z_]*|CPU_FREQ[A-Z_]*|CPU_IDLE[A-Z_]*|INTEL_IDLE|X86_INTEL_PSTATE|CMDLINE[A-Z_]*"
options="$options|[A-Z]*LOCKUP_DETECTOR|ACRN[A-Z_]*|EXPERT|SCHED_DEBUG|SCHED_CORE|LOCKDEP|PROVE_LOCKING|DEBUG_PREEMPT|SLUB_DEBUG_ON|KASAN"
options="$options|PCIEASPM[A-Z_]*|WATCHDOG_SYSFS|I6300ESB_WDT|ITCO_WDT|MODULE_SIG[A-Z_]*|SECURITY_LOCKDOWN[A-Z_]*|TIMERLAT_TRACER|UCLAMP[A-Z_]*"
keep="^(# )?CONFIG_($options)[ =]"
keep="$keep|^[[:blank:]]*((menuentry|submenu|function) .*[{]|linux(16|efi)?[[:blank:]]+[^ a-z]|set [A-Za-z_]+=|blscfg|source[[:blank:]]|[}])"
# The bodies of menu entries, whole: commands behind a tab, but for those of passwords.
keep="$keep|^$tab[[:blank:]]*([a-oq-z][a-z_.0-9]*|p[b-z][a-z_.0-9]*)([[:blank:]]|\$)"
keep="$keep|^(deb |(Types|URIs|Suites|Components|Signed-By|Enabled|Pin|Pin-Priority|Package): ?[^a-z])[^@]*\$|^(URIs|Types|Pin|Suites|Components): [^@]*\$"
keep="$keep|^(Package: |P:)($packages)\$|^Version: |^V:|^Status: .* (config-files|half-installed|half-configured|unpacked|not-installed)\$"
keep="$keep|^\[[A-Za-z0-9_.:-]+\]\$|^enabled *=|^(baseurl|mirrorlist|metalink) *=[^@]*\$"
# Proxies, but for those with a password.
keep="$keep|^[^#@]*[Aa]cquire::[A-Za-z:]*[Pp]roxy[^@]*\$|^[[:blank:]]*Proxy [^@]*\$|^([a-z]+_proxy|[A-Z]+_PROXY|proxy) *=[^@]*\$"
keep="$keep|^[^#]*(echo|printf) .*> *[\"']?/?(proc|sys)/"
# Of definitions of VMs, which may hold passwords: names, CPUs and memory. Of groups, those of VMs.
keep="$keep|^ *<(domain|domstatus|name|vcpu|vcpupin|emulatorpin|iothreadpin|memory|hugepages|locked)[ />]|^(libvirt|kvm|libvirt-qemu|qemu):"
keep="$keep|^[^ ]+ [^ ]+ (resctrl|hugetlbfs|cgroup2?|debugfs|tracefs|efivarfs) |^[^ ]+ /(boot|boot/efi|efi)? |^btime "
set --
for file in "boot/config-$release" "lib/modules/$release/config" boot/grub/grub.cfg boot/grub2/grub.cfg boot/efi/EFI/*/grub.cfg \
  etc/apt/sources.list etc/apt/sources.list.d/*.list etc/apt/sources.list.d/*.sources etc/apt/preferences etc/apt/preferences.d/* \
  etc/rc.local etc/rc.d/rc.local \
  etc/apt/apt.conf etc/apt/apt.conf.d/* etc/yum.repos.d/*.repo etc/dnf/dnf.conf etc/environment \
  etc/group etc/libvirt/qemu/*.xml run/libvirt/qemu/*.xml \
  var/lib/dpkg/status lib/apk/db/installed proc/mounts proc/stat; do
  case $file in *:* | *"$newline"*) continue ;; esac
  [ -f "$file" ] && set -- "$@" "$file"
done
[ $# -gt 0 ] && read_lines "$keep" "$@"

# --- Room for packages ---------------------------------------------------------------------------------------------
set -- .
for directory in boot var; do
  [ -d "$directory" ] && set -- "$@" "$directory"
done
if command -v df >/dev/null 2>&1; then
  section 'command df'
  processes=$((processes + 1))
  body "$(df -Pk "$@" 2>/dev/null)"
fi

# --- Threads of the kernel: those of no CPU in particular, and of interrupts. Where they may run is in a file beside --
section files
processes=$((processes + 1))
threads=$(grep -aHE -m 1 '^[0-9]+ \(([^/)]*|irq/[^)]*|rcuo[^)]*)\) [A-Z] 2 ' proc/[0-9]*/stat 2>/dev/null)
[ -n "$threads" ] && printf '%s\n' "$threads"
set --
set -f
IFS=$newline
for thread in $threads; do
  set -- "$@" "${thread%%/stat:*}/status"
done
unset IFS
set +f
if [ $# -gt 0 ]; then
  processes=$((processes + 1))
  grep -aHE '^Cpus_allowed_list:' "$@" 2>/dev/null
fi

# --- Kernel messages -----------------------------------------------------------------------------------------------
keep='^dmesg: |Linux version|ommand line|nknown kernel|nknown parameter|Malformed|ousekeeping|isolcpus|nohz|NO_HZ|rcu: |ypervisor|DMI: |DMAR'
keep="$keep|AMD-Vi|iommu|IOMMU|x86/cpu|microcode|[tT][sS][cC]:|clocksource|ugeTLB|resctrl|mce|Hardware Error|kvm|KVM|ipmi|intel_pstate|amd_pstate"
keep="$keep|intel_idle|cpuidle|ASPM|hermal|throttl|i915|ockdown|ecure ?[bB]oot|atchdog|lockup|stall|PREEMPT|urbo|ACRN|took too long"
keep="$keep|is now offline|interrupt took|Firmware Bug|split lock|irmware [aA]ttributes|wmi.sysman|think.lmi|BIOS Error|Speculat|SMP alternatives: |smpboot: Total"
section 'command dmesg'
messages=
if command -v dmesg >/dev/null 2>&1; then
  processes=$((processes + 3))
  messages=$(dmesg -S 2>&1 | grep -aE -m 1500 "$keep") # -S: all in one piece, where dmesg knows it
  case $messages in
    *'invalid option'* | *'unrecognized option'*)
      processes=$((processes + 3))
      messages=$(dmesg 2>&1 | grep -aE -m 1500 "$keep")
      ;;
  esac
  body "$messages"
else
  section unread
  body 'dmesg: not installed'
fi
case $messages in
  *'Linux version'*) ;;
  *) # The ring has wrapped, or is not for us: the journal may have kept the boot.
    if [ -d run/systemd/system ] && command -v journalctl >/dev/null 2>&1; then
      section 'command journalctl'
      processes=$((processes + 3))
      body "$(journalctl -k -b --no-pager -o short-monotonic 2>/dev/null | grep -aE -m 1500 "$keep")"
    fi
    ;;
esac

# --- PCI devices: names and capabilities; those of a virtual machine are not worth the time ------------------------
if [ -z "$virtual" ] && [ -d sys/bus/pci/devices ]; then
  if command -v lspci >/dev/null 2>&1; then
    processes=$((processes + 1))
    text=$(lspci -Dvvnnk 2>/dev/null)
    status=$?
    section 'command lspci'
    body "$text"
    section "status $status"
  else
    section unread
    body 'lspci: not installed'
  fi
fi

# --- Tools; their versions are in the package database, read above where it is a text -----------------------------
section tools
for tool in cyclictest oslat hwlatdetect cyclicdeadline rteval rtla hackbench stress-ng turbostat cpupower rdmsr wrmsr pqos perf \
  trace-cmd bpftrace virsh virt-install virt-xml-validate qemu-system-x86_64 qemu-kvm qemu-img xorrisofs genisoimage osinfo-db-import chronyd acrn-dm numactl taskset chrt lscpu lspci dmidecode systemd-run \
  iperf3 tuned-adm tuna irqbalance grubby update-grub grub-reboot grub2-reboot bootctl kernelstub mokutil ipmitool fwupdmgr ethtool \
  sysctl cset jq; do
  command -v "$tool"
done 2>/dev/null
if [ ! -e var/lib/dpkg/status ] && [ ! -e lib/apk/db/installed ] && command -v rpm >/dev/null 2>&1; then
  section 'packages rpm'
  processes=$((processes + 1))
  body "$(rpm -q --qf '%{NAME} %{VERSION}-%{RELEASE}\n' realtime-tests rt-tests rtla rteval stress-ng kernel-tools msr-tools \
    intel-cmt-cat perf trace-cmd bpftrace libvirt-daemon libvirt-client virt-install qemu-kvm-core qemu-kvm qemu-img xorriso osinfo-db chrony numactl util-linux pciutils \
    dmidecode systemd iperf3 tuned tuned-profiles-realtime tuned-profiles-nfv tuna irqbalance grub2-tools grubby mokutil ipmitool \
    fwupd ethtool procps-ng kernel kernel-core kernel-rt kernel-rt-core kernel-rt-kvm thermald power-profiles-daemon 2>/dev/null)"
fi

# --- Services: systemd shows a running service as a control group; elsewhere the process names tell ----------------
if [ ! -d run/systemd/system ]; then
  section files
  processes=$((processes + 1))
  grep -aHxE 'irqbalance|tuned|thermald|power-profiles-|snapd|cron|crond|ksmtuned|libvirtd|virtqemud|rsyslogd|auditd|acpid|cpufreqd|unattended-upgr' \
    proc/[0-9]*/comm 2>/dev/null
fi

section cost
body "processes $processes"
uptime_end=
[ -r proc/uptime ] && read -r uptime_end rest <proc/uptime
body "uptime $uptime_start $uptime_end"
times 2>/dev/null
section end
