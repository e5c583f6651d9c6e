import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CodedError } from '../../../shared/contract/errors.ts';
import { idSchema } from '../../../shared/model/board.ts';
import { campaignSchema, type Campaign } from '../../../shared/model/campaign.ts';
import { writeJson } from '../project/atomic-write.ts';
import { readJson } from '../project/read-json.ts';

interface Options { readonly readOnlyReason: () => string | null; readonly unreadable: (file: string, error: CodedError) => void }

/** Campaigns of a project: `campaigns/ID.json`, each written whole or not at all. */
export class FileCampaignStore {
  readonly #directory: string;
  readonly #options: Options;
  #lastUpdate: Promise<unknown> = Promise.resolve();

  /** `unreadable` is told of each file that cannot be read; the others are listed all the same. */
  constructor(projectDirectory: string, options: Options) {
    this.#directory = join(projectDirectory, 'campaigns');
    this.#options = options;
  }

  /** Errors: `project-locked`, `disk-full`. */
  async save(campaign: Campaign): Promise<void> {
    const reason = this.#options.readOnlyReason();
    if (reason !== null) throw new CodedError('project-locked', `The project is open for reading only: ${reason}`, { state: 'Nothing was changed.' });
    await writeJson(this.#file(campaign.id), campaignSchema.parse(campaign));
  }

  /** Changes what is stored, one change after the other. */
  async update(campaignId: string, change: (campaign: Campaign) => Campaign): Promise<Campaign> {
    const mine = this.#lastUpdate.then(async () => {
      const changed = change(await this.get(campaignId));
      await this.save(changed);
      return changed;
    });
    this.#lastUpdate = mine.catch(() => undefined);
    return mine;
  }

  /** Errors: `campaign-unknown`, `file-unreadable`, `project-newer`. */
  async get(campaignId: string): Promise<Campaign> {
    if (!await this.has(campaignId)) throw new CodedError('campaign-unknown', `This project has no campaign “${campaignId}”.`, { next: 'List the campaigns to see what there is.' });
    return readJson(this.#file(campaignId), campaignSchema);
  }

  async has(campaignId: string): Promise<boolean> {
    return idSchema.safeParse(campaignId).success && stat(this.#file(campaignId)).then(() => true, () => false);
  }

  /** All that can be read, oldest first. */
  async list(): Promise<Campaign[]> {
    const names = await readdir(this.#directory).catch(() => []);
    const campaigns: Campaign[] = [];
    for (const id of names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json')).filter((name) => idSchema.safeParse(name).success)) {
      try {
        campaigns.push(await this.get(id));
      } catch (thrown) {
        const error = CodedError.from(thrown);
        if (error.code !== 'campaign-unknown') this.#options.unreadable(join('campaigns', `${id}.json`), error);
      }
    }
    return campaigns.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.id.localeCompare(b.id));
  }

  #file(campaignId: string): string {
    return join(this.#directory, `${campaignId}.json`);
  }
}
