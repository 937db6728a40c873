import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{protocol,client,server,remote,sync,editor,house,conformance}/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
