import { request as httpRequest } from 'node:http';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CodedError } from '../../../shared/contract/errors.ts';
import { errnoOf } from '../project/atomic-write.ts';

export interface Endpoint { readonly address: string; readonly port: number }

/** What a server calls itself, before anything was sent to it. */
export interface Certificate { readonly sha256: string; readonly subject: string; readonly validTo: string }

export interface HttpRequest { readonly method: 'GET' | 'PATCH'; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string }
export interface HttpAnswer { readonly status: number; readonly headers: Readonly<Record<string, string | undefined>>; readonly text: string }

/** Management controllers are slow: a registry can take most of a minute. */
const patienceMs = 60_000;
const maximumBytes = 16_000_000;

/** The certificate shown at an address. Nothing is sent but the handshake. Error: `bmc-unreachable`. */
export async function showCertificate(endpoint: Endpoint, signal?: AbortSignal): Promise<Certificate> {
  const socket = await handshake(endpoint, signal);
  const certificate = certificateOf(socket);
  socket.destroy();
  return certificate;
}

/**
 * One request over a connection of its own, sent only after the certificate was found to be the pinned one. Redirects are not followed.
 * Errors: `bmc-unreachable`, `bmc-certificate-changed`, `too-large`.
 */
export async function pinnedRequest(endpoint: Endpoint, pinnedSha256: string, request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
  const socket = await handshake(endpoint, signal);
  const { sha256 } = certificateOf(socket);
  if (sha256 !== pinnedSha256) {
    socket.destroy();
    throw new CodedError('bmc-certificate-changed', `The management controller at ${nameOf(endpoint)} shows another certificate than the one that was accepted.`, {
      state: 'No user name or password was sent.', details: { knownSha256: pinnedSha256, offeredSha256: sha256 },
      next: 'Either it was given a new certificate, or another machine answers at its address. Compare at the controller itself; only then remove its address from the board and enter it anew.',
    });
  }
  try {
    return await exchange(socket, endpoint, request, signal);
  } finally {
    socket.destroy();
  }
}

/** A TLS connection whose certificate nobody has judged yet: management controllers sign their own. */
function handshake({ address, port }: Endpoint, signal?: AbortSignal): Promise<TLSSocket> {
  return new Promise((settle, fail) => {
    const host = address.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) });
    const giveUp = (why: string) => {
      socket.destroy();
      fail(unreachable({ address, port }, why));
    };
    const stop = () => { giveUp('it was stopped'); };
    socket.setTimeout(patienceMs, () => { giveUp('no answer within a minute'); });
    socket.once('error', (error) => { giveUp(errnoOf(error) ?? error.message); });
    socket.once('close', () => { giveUp('it closed the connection'); });
    signal?.addEventListener('abort', stop, { once: true });
    socket.once('secureConnect', () => {
      signal?.removeEventListener('abort', stop);
      socket.removeAllListeners('close');
      settle(socket);
    });
    if (signal?.aborted) stop();
  });
}

function certificateOf(socket: TLSSocket): Certificate {
  const { fingerprint256, subject, valid_to: validTo } = socket.getPeerCertificate();
  const name = [subject.O, subject.CN].flat().filter((part) => typeof part === 'string').join(', ');
  return { sha256: fingerprint256, subject: name, validTo };
}

function exchange(socket: TLSSocket, endpoint: Endpoint, { method, path, headers, body }: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
  return new Promise((settle, fail) => {
    const sent = httpRequest({
      createConnection: () => socket, method, path, host: endpoint.address, port: endpoint.port, ...(signal ? { signal } : {}),
      headers: { host: nameOf(endpoint), connection: 'close', ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
    });
    sent.once('error', (error) => { fail(unreachable(endpoint, errnoOf(error) ?? error.message)); });
    sent.once('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > maximumBytes) response.destroy(tooLarge(endpoint));
        else parts.push(part);
      });
      response.once('error', (error) => { fail(error instanceof CodedError ? error : unreachable(endpoint, error.message)); });
      response.once('end', () => {
        const named = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
        textOf(Buffer.concat(parts), endpoint).then((text) => { settle({ status: response.statusCode ?? 0, headers: named, text }); }, fail);
      });
    });
    sent.end(body);
  });
}

/** Registries come compressed, some without saying so. */
async function textOf(bytes: Buffer, endpoint: Endpoint): Promise<string> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: maximumBytes })).toString('utf8');
  } catch {
    throw tooLarge(endpoint);
  }
}

const nameOf = ({ address, port }: Endpoint) => `${address.includes(':') ? `[${address}]` : address}${port === 443 ? '' : `:${port}`}`;

const tooLarge = (endpoint: Endpoint) => new CodedError('bmc-unreadable', `The management controller at ${nameOf(endpoint)} sent an answer that is damaged or larger than 16 MB.`, { state: 'Nothing was changed.' });

const unreachable = (endpoint: Endpoint, why: string) => new CodedError('bmc-unreachable', `The management controller at ${nameOf(endpoint)} cannot be reached: ${why}.`, {
  state: 'Nothing was changed.', next: 'Check its address and port (as a rule 443), its cable, and that its web page opens in a browser of this computer.',
});
