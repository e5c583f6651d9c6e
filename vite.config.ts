import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The user interface: one page, no inline script, assets named by their content. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // The polyfill would be an inline script, and every browser that runs this knows modulepreload.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
