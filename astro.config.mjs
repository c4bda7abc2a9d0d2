import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { createCssVariablesTheme } from 'shiki';
import { nodeShimsForVite } from './scripts/node-shims.mjs';

export default defineConfig({
  srcDir: './src/site',
  publicDir: './public',
  outDir: './dist',
  cacheDir: './.cache/astro',
  output: 'static',
  trailingSlash: 'always',
  build: { format: 'directory', inlineStylesheets: 'never' },
  integrations: [mdx()],
  devToolbar: { enabled: false },
  markdown: {
    shikiConfig: {
      theme: createCssVariablesTheme({ name: 'lab', variablePrefix: '--code-', fontStyle: false }),
    },
  },
  vite: {
    plugins: [nodeShimsForVite()],
    worker: { format: 'es', plugins: () => [nodeShimsForVite()] },
    build: {
      target: 'es2022',
      // Nothing is inlined as data:, so that a strict Content-Security-Policy holds.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  },
});
