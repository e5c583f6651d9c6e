import { defineConfig, type Plugin } from 'vite';
import packageJson from './package.json' with { type: 'json' };

/** What runs in Node: the command line, the browser-window host and Electron's main process, sharing their code. */
export default defineConfig({
  publicDir: false,
  plugins: [namedImportsOf('ssh2')],
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: {
        'cli/main': 'electron/hosts/cli/main.ts',
        'browser-window/main': 'electron/hosts/browser-window/main.ts',
        'electron/main': 'electron/hosts/electron/main.ts',
      },
      external: ['electron'],
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
    },
  },
  // Only what is installed with the packaged application stays an import.
  ssr: { noExternal: true, external: Object.keys(packageJson.dependencies) },
});

/**
 * Node sees only some of the names that a CommonJS package exports; its default export has all of them. Vitest resolves
 * this by itself, so the built code is made to mean the same.
 */
function namedImportsOf(packageName: string): Plugin {
  const statement = new RegExp(`^import (?:([\\w$]+), )?\\{([^}]*)\\} from "${packageName}";$`, 'gm');
  return {
    name: 'named-imports-of-commonjs',
    renderChunk: (code) => code.replace(statement, (_whole, whole: string | undefined, names: string) => {
      const variable = whole ?? `all_of_${packageName}`;
      return `import ${variable} from "${packageName}";\nconst {${names.replaceAll(' as ', ': ')}} = ${variable};`;
    }),
  };
}
