import { defineConfig } from 'vitest/config';

/** `npm run soak`: a million runs of each property of the parsers, fifty thousand scenarios of the sync. */
export default defineConfig({
  test: {
    include: ['test/protocol/{any*,roundTrip}.test.ts', 'test/sync/{model,crash}/*.test.ts'],
    env: {
      FTPS_PROPERTY_RUNS: process.env['FTPS_PROPERTY_RUNS'] ?? '1000000',
      FTPS_SYNC_RUNS: process.env['FTPS_SYNC_RUNS'] ?? '50000',
      FTPS_SYNC_KILLS: process.env['FTPS_SYNC_KILLS'] ?? '1000',
    },
  },
});
