import { defineConfig } from 'vitest/config';

/** Against real servers, which need root and Debian's packages: see scripts/foreignServers.mjs. */
// oxlint-disable-next-line import/no-default-export -- Vitest asks for it.
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
