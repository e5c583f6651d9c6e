import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { core } from '../api/core.ts';
import { base64Of } from '../text/base64.ts';
import { useGuides } from './guides.ts';
import type { FirmwareOverview } from '../../shared/contract/methods.ts';
import type { Attestation } from '../../shared/model/checklist.ts';
import type { StoredGate } from '../../shared/model/firmware-gate.ts';
import type { RedfishSystem } from '../../shared/model/redfish.ts';

/** What the firmware station knows besides its settings, and the dialog in which a person says what was found. */
export const useFirmware = defineStore('firmware', () => {
  const overviews = shallowRef<ReadonlyMap<string, FirmwareOverview | null>>(new Map());
  const gates = shallowRef<ReadonlyMap<string, StoredGate | null>>(new Map());
  const controllers = shallowRef<ReadonlyMap<string, readonly RedfishSystem[]>>(new Map());
  /** The setting that is being attested; null: none. */
  const attesting = ref<{ boardId: string; settingId: string } | null>(null);
  /** Who attested last in this window: asked for once. */
  const name = ref('');

  const overviewOf = (boardId: string) => overviews.value.get(boardId) ?? null;
  const controllerOf = (boardId: string) => controllers.value.get(boardId) ?? null;

  async function load(boardId: string): Promise<void> {
    overviews.value = new Map(overviews.value).set(boardId, await core().call('firmware.overview', { boardId }));
  }

  /** What was measured last; undefined: not asked yet. */
  const gateOf = (boardId: string) => gates.value.get(boardId);
  async function loadGate(boardId: string): Promise<void> {
    gates.value = new Map(gates.value).set(boardId, await core().call('firmware.gate', { boardId }));
  }
  /** Gives the job that measures. */
  const measure = async (boardId: string, seconds: number): Promise<string> => (await core().call('firmware.measure', { boardId, seconds })).jobId;

  /** The guide is judged again; other windows hear of it by an event. */
  async function attest(boardId: string, attestation: Attestation, photo: Uint8Array | null): Promise<void> {
    await core().call('checklist.attest', { boardId, attestation });
    name.value = attestation.by;
    if (photo !== null) await core().call('checklist.attach-photo', { boardId, settingId: attestation.settingId, bytesBase64: base64Of(photo) });
    await useGuides().load(boardId, 'firmware');
  }

  /** A photo as a picture's address. */
  async function photo(boardId: string, settingId: string): Promise<string> {
    const { mediaType, bytesBase64 } = await core().call('checklist.photo', { boardId, settingId });
    return `data:${mediaType};base64,${bytesBase64}`;
  }

  async function setBmc(boardId: string, bmc: { address: string; port: number } | null): Promise<void> {
    await core().call('firmware.set-bmc', { boardId, bmc });
    const others = new Map(controllers.value);
    others.delete(boardId);
    controllers.value = others;
  }

  async function readBmc(boardId: string): Promise<void> {
    controllers.value = new Map(controllers.value).set(boardId, await core().call('firmware.read-bmc', { boardId }));
  }

  function forget(): void {
    overviews.value = new Map();
    controllers.value = new Map();
    gates.value = new Map();
    attesting.value = null;
  }

  return { attesting, name, overviewOf, controllerOf, gateOf, loadGate, measure, load, attest, photo, setBmc, readBmc, forget };
});
