import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cssString, escapeMarkup, html, visible } from '../../../shared/report/html.ts';
import { renderHtml } from '../../../shared/report/render-html.ts';
import { seededRandom } from '../../../shared/statistics/extreme-values/seeded-random.ts';
import { reportSections } from '../../../shared/model/report.ts';
import { boardWith, contentWith, runWith, sha256Base64, threads } from './report-kit.ts';

const page = (changes: Parameters<typeof contentWith>[0] = {}) => renderHtml(contentWith(changes), sha256Base64);
const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0007&amp;{{7*7}}</style>';

/** Every attribute and every tag's name in a page, read as a browser would. */
function tagsOf(text: string): string[] {
  return [...text.matchAll(/<(\/?[a-z][a-z0-9]*)/g)].map((match) => match[1] ?? '');
}

describe('a report’s page', () => {
  it('has every section with an address, and names what it tells', () => {
    const text = page();
    for (const name of reportSections.filter((section) => section !== 'comparison')) expect(text).toContain(`<section id="${name}">`);
    for (const part of ['Line 4', 'ACME', 'Press 4', 'bench@192.0.2.17', 'SHA256:abc', 'KVM host', 'cyclictest -q -h 100', 'Not signed off.', 'None is claimed.', 'Idle states held shut.']) expect(text).toContain(part);
  });

  it('tells of every setting its states, evidence, status and source', () => {
    const text = page();
    const [check] = boardWith().checks;
    const applying = check?.settings.filter(({ status }) => status !== 'not-applicable') ?? [];
    expect(applying.length).toBeGreaterThan(20);
    for (const { title, id, evidence, source, states } of applying) {
      expect(text).toContain(`<th scope="row">${escapeMarkup(title)}<br>`);
      expect(text).toContain(`${escapeMarkup(id)} · `);
      expect(text).toContain(escapeMarkup(source));
      for (const line of evidence) expect(text).toContain(`<code>${escapeMarkup(line)}</code>`);
      for (const state of Object.values(states)) if (state !== null) expect(text).toContain(escapeMarkup(state));
    }
  });

  it('tells who attested what of the firmware, and when it no longer counts', () => {
    const [check] = boardWith().checks;
    const [setting] = check?.settings ?? [];
    if (check === undefined || setting === undefined) throw new Error('no setting');
    const attested = { settingId: 'firmware.turbo', state: 'as-asked' as const, value: 'Disabled', note: 'second menu', by: 'Ana <A>', at: '20261120T120000Z', firmware: null, photo: null };
    const firmware = { option: 'Turbo', menu: 'CPU', does: '', shows: '', caution: '', tradesSafety: false, contradiction: null, attribute: null, attested: { ...attested, stale: 'The firmware was updated since.' } };
    const text = page({ boards: [boardWith({ checks: [{ ...check, settings: [{ ...setting, status: 'ok', firmware }] }] })] });
    expect(text).toContain('Attested by <strong>Ana &lt;A&gt;</strong>, 20 Nov 2026, 12:00:00 UTC: Disabled (second menu). <strong>No longer counts:</strong> The firmware was updated since.');
  });

  it('runs nothing, loads nothing, and forbids it', () => {
    const text = page();
    expect(tagsOf(text)).not.toEqual(expect.arrayContaining(['script']));
    for (const tag of ['script', 'link', 'img', 'iframe', 'object', 'base', 'form', 'use', 'image', 'foreignobject']) expect(tagsOf(text)).not.toContain(tag);
    expect(text).not.toMatch(/\s(?:style|on[a-z]+)=/);
    expect(text).not.toMatch(/(?:src|href)="(?!#)/);
    expect(text).not.toMatch(/url\(|@import/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
    expect(text).toContain(escapeMarkup(`default-src 'none'; style-src 'sha256-${sha256Base64(style)}'`));
  });

  it('shows hostile names as they are, wherever they come from', () => {
    const run = runWith({ boardName: hostile, stateReason: hostile, conditions: [hostile], command: ['cyclictest', hostile] }, { conditions: [hostile], warnings: [hostile], claim: hostile });
    const board = boardWith();
    const named = {
      ...board, board: { ...board.board, name: hostile, notes: hostile }, reachedBy: hostile, hostKeys: [hostile], remarks: [{ code: 'x', severity: 'error' as const, layer: 'firmware' as const, message: hostile, evidence: hostile }],
      differences: [{ what: hostile, before: hostile, after: hostile }], readings: ['20261119T080000Z', '20261120T080000Z'],
      changes: [{ id: '20261120T080000Z', owner: hostile, startedAt: '2026-11-20T08:00:00.000Z', endedAt: null, state: 'failed' as const, words: hostile, title: hostile, steps: [{ number: 1, title: hostile, state: 'failed' as const, why: hostile }] }],
      checks: board.checks.map((check) => ({ ...check, settings: check.settings.map((setting) => ({ ...setting, title: hostile, message: hostile, evidence: [hostile], source: hostile, fix: hostile, states: { requested: hostile, written: hostile, booted: hostile, effective: hostile } })) })),
    };
    const text = page({
      project: { schema: 1, name: hostile, customer: hostile, notes: hostile, createdAt: '20261119T080000Z' }, signedOffBy: hostile, boards: [named], runs: [run],
      quarantined: [{ file: hostile, reason: hostile, movedTo: null }], evidence: [{ file: hostile, sizeBytes: 1, sha256: 'b'.repeat(64), agrees: false }],
    });
    expect(text.match(/<style>/g)).toHaveLength(1);
    expect(text.match(/<\/style>/g)).toHaveLength(1);
    expect(tagsOf(text)).not.toContain('script');
    expect(tagsOf(text)).not.toContain('img');
    expect(text).not.toMatch(/[\u202e\u0007]/);
    expect(text).toContain('⟨U+202E⟩');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('keeps any name out of markup and style', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
      const text = page({ project: { schema: 1, name: `x${name}`, customer: name, notes: name, createdAt: '20261119T080000Z' }, boards: [], runs: [], signedOffBy: name || null });
      expect(text.match(/<style>/g)).toHaveLength(1);
      expect(tagsOf(text)).toEqual(tagsOf(page({ project: { schema: 1, name: 'x', customer: name === '' ? '' : 'c', notes: name === '' ? '' : 'n', createdAt: '20261119T080000Z' }, boards: [], runs: [], signedOffBy: name === '' ? null : 'y' })));
    }), { numRuns: 150 });
  });

  it('is the same for the same content, but for its date', () => {
    expect(page()).toBe(page());
    const other = page({ date: '20270101T000000Z' });
    expect(other).not.toBe(page());
    expect(other.replaceAll('1 Jan 2027, 00:00:00 UTC', '21 Nov 2026, 10:15:00 UTC').replace(/sha256-[^']{40,50}/, '').replace(/@top-right[^;]*;/, '')).toBe(page().replace(/sha256-[^']{40,50}/, '').replace(/@top-right[^;]*;/, ''));
  });

  it('has page headers for print', () => {
    expect(page()).toMatch(/@page \{[^}]*@top-left \{ content: "Line 4";/);
    expect(page()).toContain('counter(page) " of " counter(pages)');
  });

  it('warns of a pretend machine and of evidence that is not what it was', () => {
    const text = page({ boards: [boardWith({ isPretend: true })], evidence: [{ file: 'runs/run-1/journal', sizeBytes: 1, sha256: 'c'.repeat(64), agrees: false }] });
    expect(text).toContain('Nothing measured on it says anything about hardware.');
    expect(text).toContain('<strong>1 of the files this report rests on is not what it was when written.</strong>');
    expect(text).toContain('<strong>Not what was written:</strong> runs/run-1/journal');
  });

  it('with nothing in it says so', () => {
    const text = page({ boards: [], runs: [], evidence: [] });
    expect(text).toContain('The project has no board.');
    expect(text).toContain('No run has been made.');
    expect(page({ boards: [boardWith({ snapshot: null, snapshotId: null, checks: [], remarks: [], readings: [] })], runs: [{ ...runWith(), result: null }] })).toContain('It has not been read, so nothing more is known of it.');
  });

  it('of some sections only has only these', () => {
    const text = page({ sections: ['runs'] });
    expect(text).toContain('<section id="runs">');
    expect(text).not.toContain('<section id="summary">');
  });

  it('compares runs of several commands, repeats of one with another', () => {
    const text = page({ runs: [runWith(), runWith({ id: 'run-2' }), runWith({ id: 'run-3', command: ['cyclictest', '-q', '-h', '200'] })] });
    expect(text).toContain('<section id="comparison">');
    expect(text).toContain('2 repeats');
  });

  it('estimates the tail where there are blocks enough, and says why not otherwise', () => {
    const random = seededRandom(12);
    const maxima = Array.from({ length: 40 }, () => 20 + Math.round(6 * -Math.log(-Math.log(random()))));
    const segments = maxima.map((maxUs, i) => ({ index: i + 1, startedAtSeconds: i * 20, endedAtSeconds: i * 20 + 20, complete: true, maxUs, threads: threads.map((thread) => ({ ...thread, maxUs })) }));
    expect(page({ runs: [runWith({}, { segments })] })).toContain('An estimate, not a proof: from the maxima of 40 blocks of 20 s');
    expect(page({ runs: [runWith({}, { segments: segments.slice(0, 12) })] })).toContain('CPU 2: No estimate of the tail. There are 12 blocks; with fewer than 30 the tail cannot be told. The same holds for CPU 3.');
  });
});

describe('html', () => {
  it('escapes what is put in, and leaves markup that it made', () => {
    expect(html`<p>${'<&>"\''}${html`<b>${1}</b>`}${null}${['a', html`<i></i>`]}</p>`.text).toBe('<p>&lt;&amp;&gt;&quot;&#39;<b>1</b>a<i></i></p>');
  });

  it('shows what is not seen, in text and in style', () => {
    expect(visible('a\u0000b\u200bc\ud800\n')).toBe('a⟨U+0000⟩b⟨U+200B⟩c⟨U+D800⟩\n');
    expect(cssString('A "b"\\</style>')).toBe('"A \\22 b\\22 \\5c \\3c \\2f style\\3e "');
  });
});
