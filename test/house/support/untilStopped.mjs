// Says when it waits and when it has been asked to stop, and ends in its own way.
import { untilStopped } from '../../../scripts/untilStopped.mjs';

const stopped = untilStopped();
console.log('waiting');
// A promise alone keeps no process alive.
const alive = setInterval(() => {}, 60_000);
await stopped;
clearInterval(alive);
console.log('put away');
process.exitCode = 3;
