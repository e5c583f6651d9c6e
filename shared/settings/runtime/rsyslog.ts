import { quietService } from '../support/service.ts';

export const setting = quietService({
  id: 'runtime.rsyslog', unit: 'rsyslog', guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  title: 'No second log on the disk',
  why: 'It writes every message to the disk once more than the journal does.',
  source: 'ACRN Real-Time VM Performance Tips, Miscellaneous (logging services)',
  startedBy: ['syslog.socket'],
  price: 'files such as /var/log/syslog are then not written; journalctl shows the same',
});
