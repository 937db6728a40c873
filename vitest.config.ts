import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{protocol,client,server,remote,sync,editor,house,conformance}/**/*.test.ts'],
    testTimeout: 20_000,
    // What is polled comes sooner or later, as busy as the machine may be.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    // With `--coverage`. What is left uncovered, and why, stands in CONTRIBUTING.md.
    coverage: {
      provider: 'v8',
      include: ['src/{protocol,client,server}/**'],
      reporter: ['text'],
      thresholds: {
        'src/protocol/**': { lines: 100, branches: 100 },
        'src/client/**': { lines: 95, branches: 95 },
        'src/server/**': { lines: 95, branches: 95 },
      },
    },
  },
});
