import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { ChecklistStore } from '../../../electron/core/firmware/checklist-store.ts';
import { photoType } from '../../../electron/core/firmware/photo-file.ts';
import { ProjectStore } from '../../../electron/core/project/project-store.ts';
import type { Attestation } from '../../../shared/model/checklist.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { readBoard } from './firmware-kit.ts';

const turbo: Attestation = { settingId: 'firmware.turbo', state: 'as-asked', value: 'Disabled', note: 'second page', by: 'Ada' };
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

async function project(readOnly: string | null = null): Promise<{ directory: string; store: ProjectStore; checklists: ChecklistStore }> {
  const directory = join(await temporaryFolder(), 'line4.rtvm');
  await ProjectStore.create(directory, 'Line 4');
  await (await ProjectStore.open(directory, null)).saveBoard({
    schema: 1, id: 'press', name: 'Press', role: 'host', notes: '', hostKeys: [], addedAt: '20261120T141000Z', reach: { kind: 'practice', machine: 'dual-xeon' },
  });
  const store = await ProjectStore.open(directory, readOnly);
  return { directory, store, checklists: new ChecklistStore(store) };
}

describe('a checklist', () => {
  test('begins empty, keeps the last word on a setting and the firmware it was said of', async () => {
    const { directory, store, checklists } = await project();
    expect(await checklists.get('press')).toEqual({ schema: 1, entries: [] });
    await checklists.attest('press', turbo);
    await store.saveSnapshot('press', 'text', readBoard().snapshot);
    await checklists.attest('press', { ...turbo, state: 'different', value: 'Enabled' });
    const { entries } = await new ChecklistStore(await ProjectStore.open(directory, null)).get('press');
    expect(entries).toEqual([{ ...turbo, state: 'different', value: 'Enabled', at: expect.stringMatching(/^\d{8}T\d{6}Z$/), firmware: { version: '1.14.0', date: '06/26/2024' }, photo: null }]);
  });
  test('loses nothing when several windows attest at once', async () => {
    const { store, checklists } = await project();
    const ids = Array.from({ length: 12 }, (_, index) => `firmware.item-${index}`);
    await Promise.all(ids.map((settingId, index) => (index % 2 === 0 ? checklists : new ChecklistStore(store)).attest('press', { ...turbo, settingId })));
    expect((await checklists.get('press')).entries.map(({ settingId }) => settingId).sort()).toEqual([...ids].sort());
  });
  test('of a newer form, or damaged, is never overwritten; judging goes on without it', async () => {
    for (const text of ['{"schema":2}', '{']) {
      const { directory, store, checklists } = await project();
      const file = join(directory, 'boards/press/checklist.json');
      await writeFile(file, text);
      await expect(checklists.attest('press', turbo)).rejects.toMatchObject({ code: text === '{' ? 'file-unreadable' : 'project-newer' });
      expect(await checklists.getIfReadable('press')).toBeNull();
      expect(store.quarantined.map((entry) => entry.file)).toEqual([join('boards', 'press', 'checklist.json')]);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });
  test('of a project open read-only, or of a board that is not there, is refused', async () => {
    await expect((await project('another window')).checklists.attest('press', turbo)).rejects.toMatchObject({ code: 'project-locked' });
    await expect((await project()).checklists.attest('../press', turbo)).rejects.toMatchObject({ code: 'board-unknown' });
  });
});

describe('a photo', () => {
  test('lies in attachments under its SHA-256 and comes back byte for byte', async () => {
    const { directory, checklists } = await project();
    await checklists.attest('press', turbo);
    const { entries: [entry] } = await checklists.attachPhoto('press', turbo.settingId, png);
    const sha256 = createHash('sha256').update(png).digest('hex');
    expect(entry?.photo).toEqual({ file: `attachments/${sha256}.png`, sha256, mediaType: 'image/png', sizeBytes: png.length });
    expect(await checklists.photo('press', turbo.settingId)).toMatchObject({ mediaType: 'image/png', sha256, bytes: Buffer.from(png) });
    await writeFile(join(directory, `attachments/${sha256}.png`), Buffer.from(png).reverse());
    await expect(checklists.photo('press', turbo.settingId)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
  test('stays while the word stays, and goes when it becomes another', async () => {
    const { checklists } = await project();
    await checklists.attest('press', turbo);
    await checklists.attachPhoto('press', turbo.settingId, png);
    expect((await checklists.attest('press', { ...turbo, note: 'again' })).entries[0]?.photo).not.toBeNull();
    expect((await checklists.attest('press', { ...turbo, state: 'different' })).entries[0]?.photo).toBeNull();
  });
  test('must be a picture, of a size to carry, of something attested', async () => {
    const { directory, checklists } = await project();
    await expect(checklists.attachPhoto('press', turbo.settingId, png)).rejects.toMatchObject({ code: 'bad-request' });
    await checklists.attest('press', turbo);
    await expect(checklists.attachPhoto('press', turbo.settingId, new TextEncoder().encode('<svg onload=alert(1)>'))).rejects.toMatchObject({ code: 'bad-request' });
    await expect(checklists.attachPhoto('press', turbo.settingId, Buffer.concat([png, Buffer.alloc(8_000_000)]))).rejects.toMatchObject({ code: 'too-large' });
    expect(await readdir(join(directory, 'attachments')).catch(() => [])).toEqual([]);
  });
  test('is told by its first bytes', () => {
    expect([photoType(png), photoType(new Uint8Array([0xff, 0xd8, 0xff, 0xe0])), photoType(Buffer.from('RIFF\0\0\0\0WEBPVP8 ')), photoType(Buffer.from('RIFF\0\0\0\0WAVE'))]).toEqual(['image/png', 'image/jpeg', 'image/webp', null]);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 16 }), (bytes) => { expect([null, 'image/png', 'image/jpeg', 'image/webp']).toContain(photoType(bytes)); }));
  });
});
