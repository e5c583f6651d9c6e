import type { QuestionBody } from '../../../shared/model/question.ts';

export type HostKeyBody = Extract<QuestionBody, { kind: 'host-key' }>;
export type CertificateBody = Extract<QuestionBody, { kind: 'certificate' }>;
export type PromptBody = Exclude<QuestionBody, { kind: 'host-key' | 'certificate' }>;

export function questionTitle(body: QuestionBody): string {
  switch (body.kind) {
    case 'host-key': return 'Is this the right machine?';
    case 'certificate': return 'Is this the right management controller?';
    case 'password': return 'Password';
    case 'passphrase': return 'Passphrase of the key';
    case 'keyboard-interactive': return body.name.trim() === '' ? 'The board asks' : body.name;
    case 'sudo': return 'sudo password';
  }
}

/** What is asked and why, before the fields. */
export function promptIntroduction(body: PromptBody): string {
  switch (body.kind) {
    case 'password': return `Log in to ${body.host} as ${body.user}. The password stays in memory until the application ends.`;
    case 'passphrase': return `The key ${body.keyFile} is protected by a passphrase.`;
    case 'keyboard-interactive': return body.instructions.trim() === '' ? `${body.host} wants answers before it lets ${body.user} in.` : body.instructions;
    case 'sudo': return `${body.reason} The password of ${body.user} on ${body.host} goes to sudo there, once for this connection; it is not written anywhere.`;
  }
}

/** Said from the second attempt on. */
export function refusalOf(body: PromptBody): string | null {
  if (body.kind === 'keyboard-interactive' || body.attempt <= 1) return null;
  return body.kind === 'passphrase' ? 'That passphrase does not open the key. Try again.' : `${body.kind === 'sudo' ? 'sudo' : 'The board'} did not accept that password. Try again.`;
}

export interface PromptField { readonly label: string; readonly echo: boolean }

export function promptFields(body: PromptBody): PromptField[] {
  switch (body.kind) {
    case 'password': return [{ label: `Password of ${body.user}`, echo: false }];
    case 'passphrase': return [{ label: 'Passphrase', echo: false }];
    case 'sudo': return [{ label: `Password of ${body.user}`, echo: false }];
    case 'keyboard-interactive': return body.prompts.map(({ prompt, echo }) => ({ label: prompt.trim() === '' ? 'Answer' : prompt.trim(), echo }));
  }
}
