import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';

/** The user interface: one page, no inline script, assets named by their content. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [vue(), terminalWithoutInlineStyles()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // The polyfill would be an inline script, and every browser that runs this knows modulepreload.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // A schema is made as its module is loaded: zod and the word that it must not compile come in one part, before every other.
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|renderer[\\/]no-jit\.ts$/ }] } },
    },
  },
});

/**
 * xterm.js fills `<style>` elements and `style` attributes, which the content policy forbids; it has no setting for that
 * (xterm.js issues 4133, 4445). Its elements become adopted style sheets, its attributes properties. A version of it that does
 * so in other places fails the build instead of the terminal.
 */
function terminalWithoutInlineStyles(): Plugin {
  const edits = [
    { what: /[\w$.]+\.createElement\("style"\)/g, by: () => 'adoptedStyle()', times: 3 },
    { what: /([\w$]+)\.setAttribute\("style",`\$\{\1\.getAttribute\("style"\)\|\|""\}\$\{([\w$]+)\};`\)/g, by: (_whole: string, element: string, style: string) => `(${element}.style.cssText+=${style}+";")`, times: 1 },
  ];
  return {
    name: 'terminal-without-inline-styles',
    transform(code, id) {
      if (!/@xterm[\\/]xterm[\\/]lib[\\/]xterm\.mjs$/.test(id)) return null;
      const changed = edits.reduce((text, { what, by, times }) => {
        const found = text.match(what)?.length ?? 0;
        if (found !== times) throw new Error(`xterm.js sets inline styles in other places than known: ${String(what)} fits ${String(found)} times, not ${String(times)}.`);
        return text.replace(what, by);
      }, code);
      const left = /createElement\(["'`]style|setAttribute\(["'`]style/.exec(changed);
      if (left) throw new Error(`xterm.js sets an inline style that is not known: ${changed.slice(left.index, left.index + 60)}`);
      return { code: `import { adoptedStyle } from ${JSON.stringify(`${import.meta.dirname}/renderer/terminal/adopted-style.ts`)};\n${changed}`, map: null };
    },
  };
}
