import type { z } from 'zod';
import { CodedError } from '../../../shared/contract/errors.ts';
import { pinnedRequest, type Endpoint, type HttpAnswer } from './pinned-https.ts';
import { errorSchema } from './redfish-shapes.ts';

export interface RedfishLogin { readonly user: string; readonly password: string }

/** Speaks with one management controller whose certificate is pinned. The password is in no message and no error. */
export interface RedfishClient {
  /** Reads a resource and checks its form. Errors: `bmc-unreachable`, `bmc-certificate-changed`, `bmc-login-refused`, `bmc-refused`, `bmc-unreadable`. */
  get<T>(path: string, schema: z.ZodType<T>): Promise<{ value: T; etag: string | null }>;
  /** Changes a resource if it is still the one of `etag` (any, where the controller gives none). Error besides those of `get`: `board-moved`. */
  patch(path: string, body: unknown, etag: string | null): Promise<void>;
}

export function createRedfishClient(endpoint: Endpoint, certificateSha256: string, login: RedfishLogin, signal?: AbortSignal): RedfishClient {
  const headers = { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`, 'utf8').toString('base64')}`, accept: 'application/json', 'odata-version': '4.0' };
  const ask = (method: 'GET' | 'PATCH', path: string, more: Readonly<Record<string, string>>, body?: string): Promise<HttpAnswer> => {
    if (!/^\/redfish\/[\x21-\x7e]*$/.test(path)) throw new CodedError('bmc-unreadable', 'The management controller named a resource that is none of its own.', { state: 'Nothing was changed.' });
    return pinnedRequest(endpoint, certificateSha256, { method, path, headers: { ...headers, ...more }, ...(body === undefined ? {} : { body }) }, signal);
  };
  return {
    get: async (path, schema) => {
      const answer = await ask('GET', path, {});
      if (answer.status !== 200) throw refusal(answer, path, 'read');
      const read = schema.safeParse(jsonOf(answer.text));
      if (!read.success) throw new CodedError('bmc-unreadable', `The management controller’s answer for ${path} does not have the form of the Redfish standard: ${read.error.issues[0]?.path.map(String).join('.') ?? ''} ${read.error.issues[0]?.message ?? ''}.`, { state: 'Nothing was changed.' });
      return { value: read.data, etag: answer.headers['etag'] ?? null };
    },
    patch: async (path, body, etag) => {
      const answer = await ask('PATCH', path, { 'content-type': 'application/json', ...(etag === null ? {} : { 'if-match': etag }) }, JSON.stringify(body));
      if (answer.status < 200 || answer.status > 299) throw refusal(answer, path, 'change');
    },
  };
}

function refusal({ status, text }: HttpAnswer, path: string, what: 'read' | 'change'): CodedError {
  const said = wordsOf(text);
  const state = what === 'read' ? 'Nothing was changed.' : 'The firmware’s settings are as they were.';
  if (status === 401 || status === 403) return new CodedError('bmc-login-refused', `The management controller did not accept the log-in${status === 403 ? ', or this user may not do that' : ''}${said}.`, { state, next: 'Check user and password at its web page; some lock the user after a few attempts.' });
  if (status === 412) return new CodedError('board-moved', 'The firmware’s settings were changed by somebody else in the meantime.', { state, next: 'Plan again.' });
  if (status === 404 && what === 'read') return new CodedError('bmc-refused', `The management controller has no ${path}${said}.`, { state, next: 'It may not offer firmware settings over Redfish, or want a newer version of its own firmware.' });
  return new CodedError('bmc-refused', `The management controller refused to ${what} ${path} (${status})${said}.`, { state, next: what === 'change' ? 'Some settings can be changed only when another one allows it (a system profile of “Custom”), or while no other change waits.' : 'Try again; restart the controller when it goes on.' });
}

/** What the controller itself says went wrong. */
function wordsOf(text: string): string {
  const read = errorSchema.safeParse(jsonOf(text));
  if (!read.success) return '';
  const { message, '@Message.ExtendedInfo': info } = read.data.error;
  const words = [...new Set((info ?? []).flatMap((one) => one.Message ?? []))].join(' ') || (message ?? '');
  return words === '' ? '' : `: ${words.slice(0, 500).replaceAll(/\p{Cc}+/gu, ' ').replace(/[.\s]+$/, '')}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
