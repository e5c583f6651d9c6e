/** How a judgement is meant: what colour and sign it has. */
export type Tone = 'good' | 'warn' | 'bad' | 'info';
