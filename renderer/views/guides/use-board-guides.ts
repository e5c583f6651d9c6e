import { computed, watch } from 'vue';
import { guideFor, stationOf, type GuideStation } from './guide-choice.ts';
import { useBoards } from '../../stores/boards.ts';
import { useGuides } from '../../stores/guides.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSnapshots } from '../../stores/snapshots.ts';
import type { GuideId, SettingReport } from '../../../shared/model/setting.ts';

/** Judges a board's guides whenever there is a new reading of it or another guide is chosen. Call in a component's setup. */
export function useBoardGuides(boardId: string): { guideOf: (station: GuideStation) => GuideId | null; settingsOf: (station: GuideStation) => SettingReport[] | null } {
  const boards = useBoards();
  const guides = useGuides();
  const notices = useNotices();
  const snapshots = useSnapshots();

  const answer = computed(() => snapshots.of(boardId));
  const work = computed<GuideId | null>(() => {
    const role = boards.find(boardId)?.board.role;
    return guides.chosen.get(boardId) ?? (role && answer.value ? guideFor(role, answer.value.snapshot.virtualisation) : null);
  });

  watch([answer, work], ([read, guide], [before]) => {
    if (!read || guide === null) return;
    const wanted: GuideId[] = read === before ? [guide] : ['firmware', guide];
    void notices.attempt(() => Promise.all(wanted.map((one) => guides.load(boardId, one))));
  }, { immediate: true });

  const guideOf = (station: GuideStation): GuideId | null => station === 'firmware' ? 'firmware' : work.value;
  const settingsOf = (station: GuideStation): SettingReport[] | null => {
    const guide = guideOf(station);
    const check = guide === null ? undefined : guides.of(boardId, guide);
    return check ? check.settings.filter(({ layer }) => stationOf(layer) === station) : null;
  };
  return { guideOf, settingsOf };
}
