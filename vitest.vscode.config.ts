import { defineConfig } from 'vitest/config';

// What runs on the packed extension: its content, and a real VS Code. One file after the other: each has a VS Code.
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts', 'test/vscode/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
