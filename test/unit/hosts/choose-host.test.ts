import { describe, expect, it } from 'vitest';
import { decideHost } from '../../../build/lib/decide-host.mjs';
import { findBrowser, type Surroundings } from '../../../electron/hosts/browser-window/find-browser.ts';
import { readArguments } from '../../../electron/hosts/browser-window/read-arguments.ts';

type Facts = Parameters<typeof decideHost>[0];
const desk: Facts = { wanted: undefined, platform: 'linux', environment: { DISPLAY: ':0' }, userId: 1000 };
const here = () => Promise.resolve(null);
const notHere = () => Promise.resolve('the runtime is not here');
const neverAsked = () => Promise.reject(new Error('asked for the runtime'));

describe('which host opens the application', () => {
  it('is Electron where its runtime is there', async () => {
    expect(await decideHost(desk, here)).toEqual({ host: 'electron' });
    expect(await decideHost({ ...desk, platform: 'win32', environment: {}, userId: undefined }, here)).toEqual({ host: 'electron' });
  });
  it('is the browser window where it is not, with the reason', async () => {
    expect(await decideHost(desk, notHere)).toEqual({ host: 'browser-window', openWindow: true, note: 'the runtime is not here' });
  });
  it('fetches nothing where no window can show', async () => {
    expect(await decideHost({ ...desk, environment: {} }, neverAsked)).toMatchObject({ host: 'browser-window', note: expect.stringContaining('display') });
    expect(await decideHost({ ...desk, userId: 0 }, neverAsked)).toMatchObject({ host: 'browser-window', note: expect.stringContaining('root') });
  });
  it('is the one that was asked for', async () => {
    expect(await decideHost({ ...desk, wanted: 'browser' }, neverAsked)).toMatchObject({ host: 'browser-window', openWindow: true });
    expect(await decideHost({ ...desk, wanted: 'none' }, neverAsked)).toEqual({ host: 'browser-window', openWindow: false, note: undefined });
    expect(await decideHost({ ...desk, wanted: 'electron' }, here)).toEqual({ host: 'electron' });
  });
});

describe('the browser for the app window', () => {
  const machine = (changes: Partial<Surroundings>): Surroundings => ({
    platform: 'linux', environment: { DISPLAY: ':0', PATH: '/usr/bin' }, userId: 1000, exists: () => false, installedChromes: () => { throw new Error('none'); }, ...changes,
  });
  it('is Chrome or Chromium first', () => {
    expect(findBrowser(machine({ installedChromes: () => ['/usr/bin/google-chrome', '/usr/bin/chromium'], exists: () => true }))).toEqual({ kind: 'found', path: '/usr/bin/google-chrome', name: 'Chrome' });
    expect(findBrowser(machine({ installedChromes: () => ['/usr/bin/chromium'] }))).toMatchObject({ name: 'Chromium' });
  });
  it('is Edge where there is no other', () => {
    expect(findBrowser(machine({ exists: (path) => path === '/usr/bin/microsoft-edge' }))).toEqual({ kind: 'found', path: '/usr/bin/microsoft-edge', name: 'Edge' });
    expect(findBrowser(machine({ platform: 'darwin', environment: {}, exists: (path) => path.includes('Edge') }))).toMatchObject({ name: 'Edge' });
  });
  it.each([
    ['display', machine({ environment: {} })],
    ['root', machine({ userId: 0 })],
    ['no Chrome', machine({})],
  ])('is none, for a reason: %s', (word, surroundings) => {
    expect(findBrowser(surroundings)).toEqual({ kind: 'none', reason: expect.stringContaining(word) });
  });
});

describe('arguments of the browser-window host', () => {
  it('are all optional', () => { expect(readArguments([])).toEqual({ project: undefined, port: 0, openWindow: true, note: undefined }); });
  it('are read', () => {
    expect(readArguments(['--project', 'p', '--port', '4711', '--no-window', '--note', 'n'])).toEqual({ project: 'p', port: 4711, openWindow: false, note: 'n' });
  });
  it.each([[['--port', 'x']], [['--port', '65536']], [['--port=-1']], [['--no-sandbox']], [['stray']]])('refuse %j', (args) => {
    expect(() => readArguments(args)).toThrow(expect.objectContaining({ code: 'bad-usage' }));
  });
});
