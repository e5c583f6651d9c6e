/** A figure others have published, with what must be known to read it. */
export interface PublishedFigure { readonly source: string; readonly benchmark: string; readonly setup: string; readonly figure: string; readonly caveat: string }

/** Context, never a pass by themselves. */
export const publishedFigures: readonly PublishedFigure[] = [
  { source: 'Red Hat Enterprise Linux for Real Time 10, guide to virtual machines', benchmark: 'cyclictest', setup: 'cyclictest in a guest, -m -q -p95 --policy=fifo -D 12h -h60 -i 200, kernel build as load, 12 hours', figure: 'maximum 40 µs or less is good', caveat: 'A limit that a vendor sets for its own product, with its own load.' },
  { source: 'Red Hat Enterprise Linux for Real Time 10, guide to virtual machines', benchmark: 'oslat', setup: 'oslat, 12 hours', figure: '20 µs or less on modern x86', caveat: 'A limit that a vendor sets for its own product.' },
  { source: 'Intel Edge Controls for Industrial (ECI), acceptance', benchmark: 'cyclictest', setup: 'cyclictest -t 4 -p 99 -i 1000 -d 1 -m --mainaffinity=1 -a 2-5 in a virtual machine, 24 hours', figure: '290 µs; under 100 µs great, under 300 µs good', caveat: 'One board of the vendor. The document names neither load nor histogram, and its options start four threads on the CPUs named.' },
  { source: 'Real-time KVM (conference talk)', benchmark: 'cyclictest', setup: 'cyclictest in a KVM guest, dedicated cores; load and duration not told', figure: 'minimum 5, average 6, maximum 14 µs', caveat: 'Load, duration and machine are not told.' },
  { source: 'Improvement of Real-time Performance of KVM (T. Sekiyama, Hitachi)', benchmark: 'cyclictest', setup: 'cyclictest -a 0 -m -q -p 99 -n -l 300000 -h 30000, 5 minutes, guest idle, host with an infinite loop; Core i7-3770, Linux 3.4 and 3.5', figure: 'maximum: bare metal 376, KVM 558, KVM with a real-time guest 152, with direct interrupts 14 to 15 µs', caveat: '300,000 samples: the talk itself calls it too short to tell a maximum. Hardware and kernels of 2012.' },
  { source: 'Improvement of Real-time Performance of KVM (T. Sekiyama, Hitachi), guest under network load', benchmark: 'cyclictest', setup: 'the same options, iperf in the guest', figure: 'maximum: bare metal 324, KVM 855, with direct interrupts 157 µs', caveat: 'The same, and as short.' },
  { source: 'KubeVirt, real-time tests', benchmark: 'cyclictest', setup: 'cyclictest in a virtual machine, 60 seconds', figure: 'threshold 40 µs', caveat: 'A minute tells nothing of rare latencies.' },
  { source: 'Red Hat cookbook, issue 141', benchmark: 'cyclictest', setup: 'guest kernel that is not real-time', figure: '1,000 to 9,500 µs; low tens with a real-time guest', caveat: 'Reported by users; machines and load differ.' },
  { source: 'OSADL QA farm', benchmark: 'cyclictest', setup: 'cyclictest, 100 million cycles at 200 µs (5 h 33 min), 30 to 50 % load, bare metal', figure: 'per board, 55 µs for example', caveat: 'Each board by itself; the farm’s load is its own.' },
  { source: 'Ubuntu real-time documentation', benchmark: 'cyclictest', setup: 'cyclictest -p80 -i200, 1.5 million cycles', figure: 'maximum 67 to 129 µs, as an example', caveat: 'An example of a document, not a limit.' },
  { source: 'rt-tests, README', benchmark: 'cyclictest', setup: 'the same machine without and with PREEMPT_RT', figure: '39,242 µs against 18 to 22 µs', caveat: 'One machine, to show the difference between two kernels.' },
];

/** The published figures of these benchmarks. */
export const publishedFor = (benchmarks: readonly string[]): PublishedFigure[] => publishedFigures.filter(({ benchmark }) => benchmarks.includes(benchmark));
