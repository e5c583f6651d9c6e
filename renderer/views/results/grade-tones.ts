import type { Verdict } from '../../../shared/model/run.ts';
import type { Tone } from '../../components/tone.ts';

export const gradeTones: Readonly<Record<Verdict['grade'], Tone>> = { great: 'good', good: 'good', poor: 'bad', 'not comparable': 'warn' };
