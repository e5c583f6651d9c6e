import { describe, expect, it } from 'vitest';
import { answerAppRequest, isAppAddress } from '../../../electron/hosts/electron/app-address.ts';
import { menuTemplate } from '../../../electron/hosts/electron/menu-template.ts';
import { quitQuestion } from '../../../electron/hosts/electron/quit-question.ts';
import { mayDownload, mayHavePermission, mayRequest, maySpeak } from '../../../electron/hosts/electron/sender.ts';
import { securityHeaders } from '../../../electron/hosts/shared/content-security.ts';
import type { RendererFiles } from '../../../electron/hosts/shared/renderer-files.ts';
import type { Job } from '../../../shared/model/job.ts';

const ours = ['app://bench/', 'app://bench/index.html', 'app://bench/#/board/x', 'app://bench/assets/a.js?x'];
const others = ['', 'bench', 'app://bench.evil.example/', 'app://evil/', 'app://bench@evil/', 'app://user:pw@bench/', 'app:bench/', 'file:///etc/passwd', 'http://bench/', 'https://app//bench/', 'devtools://devtools/', 'data:text/html,x', 'about:blank', 'javascript:0'];

describe('what belongs to the application', () => {
  it.each(ours)('%s does', (address) => { expect(isAppAddress(address)).toBe(true); });
  it.each(others)('%j does not', (address) => { expect(isAppAddress(address)).toBe(false); });
});

describe('who may speak on the channel', () => {
  it('is the top frame of our page', () => {
    expect(maySpeak({ frameUrl: 'app://bench/', isMainFrame: true })).toBe(true);
  });
  it.each(others)('is not %j', (frameUrl) => { expect(maySpeak({ frameUrl, isMainFrame: true })).toBe(false); });
  it('is not a frame inside, nor one that has gone', () => {
    expect(maySpeak({ frameUrl: 'app://bench/', isMainFrame: false })).toBe(false);
    expect(maySpeak({ frameUrl: null, isMainFrame: true })).toBe(false);
  });
});

describe('what a window may request', () => {
  it.each([...ours, 'blob:app://bench/0f8fad5b'])('%s', (address) => { expect(mayRequest(address, false)).toBe(true); });
  it.each([...others, 'blob:https://evil.example/0f8fad5b'])('not %j', (address) => { expect(mayRequest(address, false)).toBe(false); });
  it('the developer tools while developing', () => {
    expect(mayRequest('devtools://devtools/bundled/a.js', true)).toBe(true);
    expect(mayRequest('http://bench/', true)).toBe(false);
  });
});

describe('what a window may save', () => {
  it('is what our own page made', () => { expect(mayDownload('blob:app://bench/0f8fad5b-d9cb-469f-a165-70867728950e')).toBe(true); });
  it.each([...ours, ...others, 'blob:null/0f8fad5b', 'blob:https://evil.example/0f8fad5b', 'blob:app://evil/0f8fad5b', 'blob:app://bench@evil/0f8fad5b', 'blob:blob:app://bench/x', 'blob:'])('is not %j', (address) => { expect(mayDownload(address)).toBe(false); });
});

describe('permissions', () => {
  it('are to copy text out of our own page', () => { expect(mayHavePermission('clipboard-sanitized-write', 'app://bench/')).toBe(true); });
  it.each(['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'fileSystem', 'usb'])('are not %s', (permission) => {
    expect(mayHavePermission(permission, 'app://bench/')).toBe(false);
  });
  it('are nobody else’s', () => { expect(mayHavePermission('clipboard-sanitized-write', 'https://evil.example/')).toBe(false); });
});

describe('the app scheme', () => {
  const files: RendererFiles = new Map([['/index.html', { contentType: 'text/html; charset=utf-8', cacheControl: 'no-store', body: Buffer.from('the page') }]]);
  const ask = (url: string, method = 'GET') => answerAppRequest({ url, method }, files, securityHeaders([]));

  it('serves the page with the strict policy', async () => {
    const answer = ask('app://bench/');
    expect(await answer.text()).toBe('the page');
    expect(answer.headers.get('content-security-policy')).toContain("connect-src 'none'");
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it.each(['app://bench/../../etc/passwd', 'app://bench/..%2f..%2fetc%2fpasswd', 'app://bench/nothing', 'app://evil/index.html', 'file:///index.html', 'nonsense'])('refuses %s', (url) => {
    expect(ask(url).status).toBe(403);
  });
  it('refuses other methods', () => { expect(ask('app://bench/', 'POST').status).toBe(403); });
});

describe('quitting', () => {
  const job = (kind: Job['kind'], state: Job['state']): Job => ({ id: 'job-00000000', kind, title: 'Clean press 4', boardId: 'press', runId: null, startedAt: '20261120T141000Z', state, lastSeq: 1 });
  it('asks while a board is being changed', () => { expect(quitQuestion([job('clean', 'running')])).toContain('Clean press 4'); });
  it.each([[[]], [[job('run', 'running'), job('inspect', 'running'), job('discover', 'running')]], [[job('clean', 'done'), job('clean', 'failed')]]])('does not ask otherwise', (jobs) => {
    expect(quitQuestion(jobs)).toBeNull();
  });
});

describe('the menu', () => {
  it('has the developer tools only while developing', () => {
    expect(JSON.stringify(menuTemplate('linux', false))).not.toContain('toggleDevTools');
    expect(JSON.stringify(menuTemplate('linux', true))).toContain('toggleDevTools');
  });
  it('starts with the application menu on macOS', () => { expect(menuTemplate('darwin', false)[0]).toEqual({ role: 'appMenu' }); });
});
