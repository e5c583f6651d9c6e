import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint({ overrideConfig: { rules: { '@typescript-eslint/no-unused-vars': 'off', 'no-unused-vars': 'off' } } });

async function violations(filePath: string, specifier: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import { x } from '${specifier}';\nexport const y = x;\n`, { filePath });
  return (result?.messages ?? []).filter((message) => message.ruleId === 'no-restricted-imports').map((message) => message.message);
}

describe('the import rule', () => {
  it.each([
    ['shared/model/x.ts', 'node:fs'],
    ['shared/model/x.ts', 'ssh2'],
    ['shared/model/x.ts', 'electron'],
    ['shared/model/x.ts', 'vue'],
    ['shared/model/x.ts', '../../electron/core/x.ts'],
    ['shared/model/x.ts', '../../renderer/x.ts'],
    ['renderer/views/x.ts', 'node:path'],
    ['renderer/views/x.ts', 'ssh2'],
    ['renderer/views/x.ts', 'electron'],
    ['renderer/views/x.ts', '../../electron/core/x.ts'],
    ['renderer/views/x.ts', '../../test/support/x.ts'],
    ['electron/core/runs/x.ts', 'ssh2'],
    ['electron/core/runs/x.ts', 'electron'],
    ['electron/core/runs/x.ts', '../../hosts/shared/x.ts'],
    ['electron/core/runs/x.ts', '../../practice-board/x.ts'],
    ['electron/core/runs/x.ts', '../../../renderer/x.ts'],
    ['electron/core/ssh/x.ts', 'electron'],
    ['electron/core/ssh/x.ts', '../../practice-board/x.ts'],
    ['electron/practice-board/x.ts', 'electron'],
    ['electron/practice-board/x.ts', '../hosts/cli/x.ts'],
    ['electron/hosts/browser-window/x.ts', 'electron'],
    ['electron/hosts/browser-window/x.ts', 'ssh2'],
    ['electron/hosts/cli/x.ts', 'electron'],
    ['electron/hosts/cli/verbs/x.ts', '../../../../renderer/x.ts'],
    ['electron/hosts/shared/x.ts', 'electron'],
    ['electron/hosts/shared/x.ts', '../../../renderer/x.ts'],
    ['electron/hosts/electron/x.ts', 'ssh2'],
    ['electron/hosts/electron/x.ts', '../../../renderer/x.ts'],
  ])('%s may not import %s', async (file, specifier) => {
    expect(await violations(file, specifier)).toHaveLength(1);
  });

  it.each([
    ['shared/model/x.ts', 'zod'],
    ['shared/parsers/x.ts', '../contract/errors.ts'],
    ['renderer/views/x.ts', '../../shared/contract/client.ts'],
    ['electron/core/ssh/x.ts', 'ssh2'],
    ['electron/core/runs/x.ts', '../../../shared/model/run.ts'],
    ['electron/practice-board/x.ts', 'ssh2'],
    ['electron/hosts/electron/x.ts', 'electron'],
    ['electron/hosts/electron/x.ts', '../shared/x.ts'],
    ['electron/hosts/browser-window/x.ts', '../../core/open-core.ts'],
    ['electron/hosts/cli/x.ts', '../../practice-board/practice-board.ts'],
  ])('%s may import %s', async (file, specifier) => {
    expect(await violations(file, specifier)).toEqual([]);
  });
});
