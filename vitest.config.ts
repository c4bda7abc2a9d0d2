import { defineConfig } from 'vitest/config';

const noBenchmarks = { benchmark: { include: [] } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: ['src/**/*.{sim,interop,e2e}.test.ts'],
        },
      },
      {
        // Real clients against the real bundles in sandboxes/, real processes, real disks.
        test: {
          name: 'interop',
          include: ['src/**/*.interop.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          ...noBenchmarks,
        },
      },
      {
        // Real Chromium against the built site in dist/.
        test: {
          name: 'e2e',
          include: ['src/**/*.e2e.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          ...noBenchmarks,
        },
      },
    ],
  },
});
