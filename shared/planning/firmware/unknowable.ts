/** What Linux can never tell of a firmware, and why. A person looks, or it stays unknown. */
export const unknowable: ReadonlyArray<{ readonly what: string; readonly why: string }> = [
  { what: 'The menu item Intel TCC Mode as such', why: 'It only sets others (idle states, link power saving), and those show.' },
  { what: 'Which source raised an SMI (patrol scrub, error reports, heat, TCO, USB)', why: 'There is only a count.' },
  { what: 'Emulation of keyboard ports (60h, 64h) for USB', why: 'It shows only as SMIs.' },
  { what: 'Values changed in the set-up and not saved or started yet', why: 'Nothing of them is in the running system, unless the firmware offers its settings.' },
  { what: 'Hidden items, items locked by the manufacturer, the default set', why: 'Only the firmware knows them.' },
  { what: 'Memory power-down, refresh settings', why: 'The memory controller does it unseen.' },
  { what: 'Who set a power limit or a thermal throttling offset', why: 'At best the value shows, not its origin.' },
  { what: 'Whether the firmware serves the chipset’s watchdog (TCO, iTCO)', why: 'The registers are the chipset’s and locked.' },
];
