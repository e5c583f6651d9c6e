import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';
import vueParser from 'vue-eslint-parser';

const node = { regex: '^node:', message: 'shared/ and renderer/ know nothing of Node.' };
const ssh2 = { regex: '^ssh2$', message: 'Only electron/core/ssh, the practice board and tests talk SSH.' };
const electron = { regex: '^electron($|/)', message: 'Only electron/hosts/electron knows Electron.' };
const ours = (folders, message) => ({ regex: `/(${folders})/`, message });
const wall = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  { ignores: ['dist/', 'release/', 'node_modules/', 'test/fixtures/', 'test-results/', 'playwright-report/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...vue.configs['flat/recommended'],
  { files: ['**/*.vue'], languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } } },
  {
    languageOptions: { globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', window: 'readonly', document: 'readonly', performance: 'readonly', fetch: 'readonly', AbortSignal: 'readonly', AbortController: 'readonly', TextDecoder: 'readonly', TextEncoder: 'readonly' } },
    rules: {
      'no-undef': 'off',
      'no-control-regex': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/multi-word-component-names': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  // The import rule of ARCHITECTURE.md, wall by wall.
  { files: ['shared/**'], rules: wall(node, ssh2, electron, { regex: '^vue$|^pinia$', message: 'shared/ is pure.' }, ours('electron|renderer|build|test', 'shared/ imports nothing of ours.')) },
  { files: ['renderer/**'], rules: wall(node, ssh2, electron, ours('electron|build|test', 'renderer/ imports shared/ only.')) },
  { files: ['electron/core/**'], rules: wall(ssh2, electron, ours('renderer|build|test|hosts|practice-board', 'electron/core imports shared/ only.')) },
  { files: ['electron/core/ssh/**'], rules: wall(electron, ours('renderer|build|test|hosts|practice-board', 'electron/core imports shared/ only.')) },
  { files: ['electron/practice-board/**'], rules: wall(electron, ours('renderer|build|test|hosts', 'The practice board imports core and shared/ only.')) },
  { files: ['electron/hosts/browser-window/**', 'electron/hosts/cli/**', 'electron/hosts/shared/**'], rules: wall(ssh2, electron, ours('renderer|build|test', 'A host imports core and shared/ only.')) },
  { files: ['electron/hosts/electron/**'], rules: wall(ssh2, ours('renderer|build|test', 'A host imports core and shared/ only.')) },
);
