import { CodedError } from '../../../shared/contract/errors.ts';
import type { Board } from '../../../shared/model/board.ts';
import type { RedfishSystem } from '../../../shared/model/redfish.ts';
import type { RedfishAccess } from '../changes/redfish-access.ts';
import type { ProjectStore } from '../project/project-store.ts';
import type { Asker } from '../questions/asker.ts';
import { noteManagementChange, saveManagementReading } from './management-store.ts';
import { showCertificate } from './pinned-https.ts';
import { readBios, readRedfish } from './read-redfish.ts';
import { createRedfishClient, type RedfishClient, type RedfishLogin } from './redfish-client.ts';
import { simpleValue } from './redfish-shapes.ts';

export interface BmcParts { readonly store: ProjectStore; readonly asker: Asker }

/** Log-ins typed while the project is open, by board. In memory only. */
const logins = new WeakMap<ProjectStore, Map<string, RedfishLogin>>();

/**
 * The way to a board's management controller for plans and changes; undefined when the project does not say where it is.
 * Errors of its calls: those of `openBmc`, `board-moved`, `bmc-refused`.
 */
export async function redfishAccessOf(parts: BmcParts, boardId: string, signal?: AbortSignal): Promise<RedfishAccess | undefined> {
  if ((await parts.store.board(boardId)).bmc === undefined) return undefined;
  return {
    read: ({ system, attribute }) => withBmc(parts, boardId, async (client) => {
      const { current, next } = await readBios(client, system);
      if (!Object.hasOwn(current, attribute)) throw new CodedError('bmc-refused', `The firmware of ${system} has no setting ${attribute}.`, { state: 'Nothing was changed.', next: 'Read the management controller again, then plan again.' });
      const running = simpleValue(current[attribute]);
      const value = Object.hasOwn(next, attribute) ? simpleValue(next[attribute]) : running;
      return { kind: 'redfish', value, pending: value !== running };
    }, signal),
    apply: (action) => withBmc(parts, boardId, async (client) => {
      const { system, attribute, value } = action;
      const { settings } = await readBios(client, system);
      if (settings === null) throw new CodedError('bmc-refused', 'This management controller shows firmware settings, but takes no changes.', { state: 'Nothing was changed.', next: 'Carry the sheet to the firmware’s set-up.' });
      const when = settings.onReset ? { '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' } } : {};
      await client.patch(settings.path, { ...when, Attributes: { [attribute]: value } }, settings.etag);
      await noteManagementChange(parts.store, boardId, action);
    }, signal),
  };
}

/** Reads and keeps everything a board's management controller tells of firmware settings. Error besides those of the connection: `bmc-unknown`. */
export async function readBmc(parts: BmcParts, boardId: string, signal?: AbortSignal): Promise<RedfishSystem[]> {
  const systems = await withBmc(parts, boardId, readRedfish, signal);
  await saveManagementReading(parts.store, boardId, systems);
  return systems;
}

/** Works with a trusted, logged-in controller. A log-in that is refused is forgotten, so that the next attempt asks again. */
async function withBmc<T>(parts: BmcParts, boardId: string, work: (client: RedfishClient) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const board = await trusted(parts, await parts.store.board(boardId), signal);
  const known = logins.get(parts.store) ?? new Map<string, RedfishLogin>();
  logins.set(parts.store, known);
  const key = `${boardId} ${board.bmc.address} ${board.bmc.port}`;
  const login = known.get(key) ?? await askLogin(parts.asker, board, signal);
  try {
    const result = await work(createRedfishClient(board.bmc, board.bmc.certificateSha256, login, signal));
    known.set(key, login);
    return result;
  } catch (thrown) {
    const error = CodedError.from(thrown);
    if (error.code === 'bmc-login-refused') known.delete(key);
    throw new CodedError(error.code, error.message, { board: board.name, ...error.extras }, { cause: thrown });
  }
}

type TrustedBoard = Board & { readonly bmc: { readonly address: string; readonly port: number; readonly certificateSha256: string } };

/** Shows the certificate of a controller not met before to a person, and keeps its fingerprint when it is accepted. Nothing else is sent before. */
async function trusted({ store, asker }: BmcParts, board: Board, signal?: AbortSignal): Promise<TrustedBoard> {
  const { bmc } = board;
  if (!bmc) throw new CodedError('bmc-unknown', `Where the management controller of ${board.name} is has not been told.`, { board: board.name, state: 'Nothing was changed.', next: 'Enter its address on the Firmware station.' });
  if (bmc.certificateSha256 !== null) return { ...board, bmc: { ...bmc, certificateSha256: bmc.certificateSha256 } };
  const { sha256, subject, validTo } = await showCertificate(bmc, signal);
  const answer = await asker.ask({ id: board.id, name: board.name }, { kind: 'certificate', host: bmc.address, port: bmc.port, sha256, subject, validTo }, signal);
  if (answer.kind !== 'accept') throw new CodedError('bmc-certificate-unknown', `${board.name}: the certificate of its management controller was not accepted (${sha256}).`, { board: board.name, state: 'No user name or password was sent.', next: 'Compare the fingerprint with the one at the controller itself, then try again.' });
  const pinned = { ...bmc, certificateSha256: sha256 };
  await store.saveBoard({ ...await store.board(board.id), bmc: pinned });
  return { ...board, bmc: pinned };
}

async function askLogin(asker: Asker, board: TrustedBoard, signal?: AbortSignal): Promise<RedfishLogin> {
  const answer = await asker.ask({ id: board.id, name: board.name }, {
    kind: 'keyboard-interactive', host: board.bmc.address, user: '', name: 'Log-in of the management controller',
    instructions: `${board.bmc.address} is the management controller of ${board.name}, with users of its own. The password stays in memory until the project is closed.`,
    prompts: [{ prompt: 'User', echo: true }, { prompt: 'Password', echo: false }],
  }, signal);
  const [user, password] = answer.kind === 'answers' ? answer.answers : [];
  if (user === undefined || password === undefined || user === '') throw new CodedError('question-unanswered', `${board.name}: user and password of the management controller were not given.`, { board: board.name, state: 'Nothing was changed.', next: 'Try again and answer.' });
  return { user, password };
}
