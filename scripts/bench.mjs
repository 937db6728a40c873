// npm run bench: measures the client against others, and writes BENCHMARKS.md; `npm run bench -- open cold` only those.
import { continueUnderProjectNode, ensureDependencies } from './bootstrap.mjs';

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

const { bench } = await import('./bench/bench.ts');
await bench(process.argv.slice(2));
