import { defineConfig } from 'vitest/config';

/** Against real servers, which need root and Debian's packages: see scripts/foreignServers.mjs. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    globalSetup: ['test/interop/support/install.ts'],
    pool: 'forks',
    // More than a small machine has cores: much of the time servers are waited for.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
