/** Figures others have published, with what must be known to read them. Context, never a pass by themselves. */
export const publishedFigures = [
  { source: 'Red Hat Enterprise Linux for Real Time 10, guide to virtual machines', setup: 'cyclictest in a guest, -m -q -p95 --policy=fifo -D 12h -h60 -i 200, kernel build as load, 12 hours', figure: 'maximum 40 µs or less is good' },
  { source: 'the same', setup: 'oslat, 12 hours', figure: '20 µs or less on modern x86' },
  { source: 'Intel Edge Controls for Industrial (ECI), acceptance', setup: 'cyclictest -t 4 -p 99 -i 1000 -d 1 -m --mainaffinity=1 -a 2-5 in a virtual machine, 24 hours', figure: '290 µs; under 100 µs great, under 300 µs good' },
  { source: 'Real-time KVM (conference talk)', setup: 'cyclictest in a KVM guest, dedicated cores; load and duration not told', figure: 'minimum 5, average 6, maximum 14 µs' },
  { source: 'Improvement of Real-time Performance of KVM (T. Sekiyama, Hitachi)', setup: 'cyclictest -a 0 -m -q -p 99 -n -l 300000 -h 30000, 5 minutes, guest idle, host with an infinite loop; Core i7-3770, Linux 3.4 and 3.5. The talk itself calls it too short to tell a maximum', figure: 'maximum: bare metal 376, KVM 558, KVM with a real-time guest 152, with direct interrupts 14 to 15 µs' },
  { source: 'the same, guest under network load', setup: 'the same options, iperf in the guest', figure: 'maximum: bare metal 324, KVM 855, with direct interrupts 157 µs' },
  { source: 'KubeVirt, real-time tests', setup: 'cyclictest in a virtual machine, 60 seconds', figure: 'threshold 40 µs' },
  { source: 'Red Hat cookbook, issue 141', setup: 'guest kernel that is not real-time', figure: '1,000 to 9,500 µs; low tens with a real-time guest' },
  { source: 'OSADL QA farm', setup: 'cyclictest, 100 million cycles at 200 µs (5 h 33 min), 30 to 50 % load, bare metal', figure: 'per board, 55 µs for example' },
  { source: 'Ubuntu real-time documentation', setup: 'cyclictest -p80 -i200, 1.5 million cycles', figure: 'maximum 67 to 129 µs, as an example' },
  { source: 'rt-tests, README', setup: 'the same machine without and with PREEMPT_RT', figure: '39,242 µs against 18 to 22 µs' },
] as const;
