// Runs a command against a server behind a delay, and shows what went over the wire; lab.ts tells how:
// node scripts/bench/lab.mjs [--server vsftpd] -- COMMAND…
import { continueUnderProjectNode, ensureDependencies } from '../bootstrap.mjs';

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

await import('./lab.ts');
