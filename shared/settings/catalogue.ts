import { layers } from '../model/setting.ts';
import type { Setting } from './setting.ts';

/** Every file of these folders is a setting: adding one touches nothing else. */
const found = import.meta.glob<Setting>('./{firmware,kernel,runtime,hypervisor,guest}/*.ts', { eager: true, import: 'setting' });

const unordered = 1000;

/** All settings, by layer, then as they are worked through, then by title. */
export const catalogue: readonly Setting[] = Object.values(found)
  .sort((a, b) => layers.indexOf(a.layer) - layers.indexOf(b.layer) || (a.order ?? unordered) - (b.order ?? unordered) || a.title.localeCompare(b.title, 'en'));
