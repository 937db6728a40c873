import { defineConfig } from 'vitest/config';

/** Against real servers, which need root and Debian's packages: see scripts/foreignServers.mjs. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    globalSetup: ['test/interop/support/install.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
