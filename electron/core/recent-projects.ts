import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJson } from './project/atomic-write.ts';

const recentSchema = z.array(z.string()).max(50);
const keptProjects = 12;

/** Projects opened lately on this laptop, newest first. A list that cannot be read is an empty one. */
export class RecentProjects {
  readonly #file: string;

  constructor(stateDirectory: string) {
    this.#file = join(stateDirectory, 'recent.json');
  }

  async list(): Promise<string[]> {
    try {
      return recentSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return [];
    }
  }

  async add(directory: string): Promise<void> {
    const others = (await this.list()).filter((entry) => entry !== directory);
    await writeJson(this.#file, [directory, ...others].slice(0, keptProjects));
  }
}
