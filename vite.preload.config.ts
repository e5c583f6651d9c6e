import { defineConfig } from 'vite';

/** The preload of a sandboxed window: one CommonJS file, as Electron asks of it. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist/electron',
    emptyOutDir: false,
    target: 'chrome130',
    minify: false,
    lib: { entry: 'electron/hosts/electron/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    rolldownOptions: { checks: { pluginTimings: false }, external: ['electron'] },
  },
});
