import { layers } from '../model/setting.ts';
import type { Setting } from './setting.ts';

/** Every file of these folders is a setting: adding one touches nothing else. */
const found = import.meta.glob<Setting>('./{firmware,kernel,runtime}/*.ts', { eager: true, import: 'setting' });

/** All settings, by layer and then by title. */
export const catalogue: readonly Setting[] = Object.values(found)
  .sort((a, b) => layers.indexOf(a.layer) - layers.indexOf(b.layer) || a.title.localeCompare(b.title, 'en'));
