import { effectiveOnly, lines, noStates, type BoardView, type Setting } from '../setting.ts';
import { hasTool, packagesChange, packagesChoice, packagesCommand, type Need } from '../support/packages.ts';

const id = 'runtime.measuring-tools';
const why = 'What cannot be measured cannot be proven: cyclictest and its family measure, stress-ng makes the load to measure under.';

export const setting: Setting = {
  id, layer: 'host runtime', title: 'Tools to measure with', why, guides: ['kvm-host', 'kvm-guest', 'bare-metal', 'acrn-rtvm'],
  source: 'Intel ECI guide, Real-Time VM Configuration: Dependencies (stress-ng, rt-tests-scripts)',
  choice: packagesChoice,
  assess: (board) => {
    if (board.capture.section('tools').length === 0) return { status: 'unknown', stuckAt: null, states: { ...noStates, requested: 'installed' }, verdicts: effectiveOnly(null), evidence: [], message: 'Which tools are there was not read.', fix: null };
    const missing = needsOf(board).filter(({ there }) => !there).map(({ what }) => what);
    const states = { ...noStates, requested: 'installed', effective: missing.length === 0 ? 'installed' : `without ${missing.join(', ')}` };
    const evidence = lines(...board.snapshot.tools.filter(({ name }) => name === 'cyclictest' || name === 'stress-ng').map(({ name, path, version }) => `${path ?? name}${version === null ? '' : ` (${version})`}`));
    return missing.length === 0
      ? { status: 'ok', stuckAt: null, states, verdicts: effectiveOnly(true), evidence, message: 'cyclictest and stress-ng are there.', fix: null }
      : { status: 'change', stuckAt: 'effective', states, verdicts: effectiveOnly(false), evidence, message: `Not installed: ${missing.join(', ')}.`, fix: packagesCommand(needsOf(board), board) };
  },
  change: (board) => packagesChange({ id, why }, needsOf(board), board),
};

/** Red Hat renamed rt-tests with RHEL 9. */
function needsOf(board: BoardView): Need[] {
  const { versionId, id: distribution } = board.snapshot.distribution;
  const old = distribution !== 'fedora' && Number.parseInt(versionId ?? '', 10) < 9;
  return [
    { what: 'cyclictest', there: hasTool(board, 'cyclictest'), apt: ['rt-tests'], dnf: [old ? 'rt-tests' : 'realtime-tests'] },
    { what: 'stress-ng', there: hasTool(board, 'stress-ng'), apt: ['stress-ng'], dnf: ['stress-ng'] },
  ];
}
