import { defineConfig } from 'vitest/config';

/** `npm run soak`: the property tests of the parsers, a million runs each. */
export default defineConfig({
  test: {
    include: ['test/protocol/{any*,roundTrip}.test.ts'],
    env: { FTPS_PROPERTY_RUNS: process.env['FTPS_PROPERTY_RUNS'] ?? '1000000' },
  },
});
