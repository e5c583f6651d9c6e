/** Parameters that have nothing to do with real time and are common enough to be left alone without a word. */
const names = `
root rootflags rootfstype rootwait rootdelay ro rw init rdinit initrd BOOT_IMAGE quiet splash nosplash verbose debug loglevel ignore_loglevel
console earlycon earlyprintk consoleblank fbcon vga video nomodeset drm_kms_helper resume noresume resume_offset crashkernel printk.devkmsg printk.time
net.ifnames biosdevname ip nfsroot cryptdevice rd.luks rd.lvm rd.md fsck.mode fsck.repair selinux enforcing apparmor security lsm audit_backlog_limit
acpi acpi_osi acpi_backlight acpi_rev_override noapic nolapic apic pci pcie_ports pcie_port_pm usbcore.autosuspend modprobe.blacklist module_blacklist
systemd.unit systemd.log_level systemd.unified_cgroup_hierarchy systemd.cpu_affinity cgroup_enable cgroup_disable cgroup_no_v1 cgroup_memory swapaccount psi
mem memmap memtest movable_node numa efi efi_pstore noefi add_efi_memmap reboot panic_on_warn oops softlockup_panic hung_task_panic sysrq_always_enabled
maxcpus nr_cpus possible_cpus lapic x2apic nox2apic nopti pti spectre_v2 spectre_v2_user spec_store_bypass_disable l1tf mds tsx tsx_async_abort retbleed kpti
no_timer_check noreplace_smp kvm_amd.nested vfio_pci.ids vfio_iommu_type1.allow_unsafe_interrupts pci_stub.ids xen_pciback.hide art sched_debug nokaslr kaslr
fips random.trust_cpu random.trust_bootloader rng_core.default_quality log_buf_len ftrace trace_event trace_buf_size tp_printk kgdboc kgdbwait
zswap.enabled page_alloc.shuffle slub_debug init_on_alloc init_on_free vsyscall vdso32 mminit_loglevel live boot toram toram persistence username hostname
locale keyb keymap vconsole.keymap rhgb rd.break rd.shell ostree rauc.slot systemd.machine_id systemd.show_status plymouth.enable nvme_core.default_ps_max_latency_us
ds net.naming-scheme cloud-init autoinstall initcall_debug nouveau.modeset nvidia_drm.modeset scsi_mod.use_blk_mq noresume intel_iommu.strict rw
hugetlb_cma cma kernelcore movablecore nosmap nosmep noxsave clearcpuid nofxsr no_console_suspend quiet_success unknown_nmi_panic
`.trim().split(/\s+/).map((name) => name.replaceAll('-', '_'));

const known = new Set(names);

/** Families whose every member is left alone. */
const families = ['systemd.', 'rd.', 'luks.', 'usbcore.', 'vconsole.', 'plymouth.', 'dyndbg', 'snd_', 'iwlwifi.', 'nvme.', 'nvme_core.', 'scsi_mod.', 'ahci.', 'libata.', 'thunderbolt.', 'efi.', 'memhp_default_state', 'rauc.', 'ostree', 'cloud_', 'ds', 'drm.'];

export const isCommonName = (name: string): boolean => known.has(name) || families.some((family) => (family.endsWith('.') || family.endsWith('_') ? name.startsWith(family) : name === family));
