import { defineConfig } from 'vitest/config';

/** The tests of the client once more, with what BoringSSL does not tell left untold. */
export default defineConfig({
  test: {
    include: ['test/client/**/*.test.ts'],
    setupFiles: ['test/client/boringSsl.ts'],
    testTimeout: 20_000,
  },
});
