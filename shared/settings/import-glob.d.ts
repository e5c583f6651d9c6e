/** What Vite and Vitest replace by the modules found. Declared here so that shared/ needs no Vite types. */
interface ImportMeta {
  glob<T>(pattern: string, options: { eager: true; import: string; query?: string }): Record<string, T>;
}
