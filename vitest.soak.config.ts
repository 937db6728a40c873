import { defineConfig } from 'vitest/config';

/**
 * `npm run soak`: a million runs of each property of the parsers, fifty thousand scenarios of the sync, an upload
 * cut at every byte, and kills.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'properties',
          include: [
            'test/protocol/{any*,roundTrip}.test.ts',
            'test/remote/cutUploads.test.ts',
            'test/sync/{model,crash}/*.test.ts',
          ],
          sequence: { groupOrder: 0 },
          env: {
            FTPS_PROPERTY_RUNS: process.env['FTPS_PROPERTY_RUNS'] ?? '1000000',
            FTPS_CUT_STEP: process.env['FTPS_CUT_STEP'] ?? '1',
            FTPS_SYNC_RUNS: process.env['FTPS_SYNC_RUNS'] ?? '50000',
            FTPS_SYNC_KILLS: process.env['FTPS_SYNC_KILLS'] ?? '1000',
          },
        },
      },
      {
        test: {
          name: 'extension host',
          include: ['test/vscode/browser/hostKill.test.ts'],
          globalSetup: ['test/vscode/harness/packed.ts'],
          // After the others: a VS Code wants both cores.
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          env: { FTPS_HOST_KILLS: process.env['FTPS_HOST_KILLS'] ?? '100' },
        },
      },
    ],
  },
});
