// npm run sandbox: a server to try things on, with a sample site, until Ctrl+C. `-- --folder DIR` keeps its state elsewhere,
// `--host ADDRESS` lets others than this machine in, `--port N` and `--implicit-port N` choose its ports, `--log` shows the dialogue,
// `--fault NAME` makes it misbehave; `--help` lists the faults.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { continueUnderProjectNode, ensureDependencies } from './bootstrap.mjs';
import { untilStopped } from './untilStopped.mjs';

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({
  options: {
    folder: text,
    host: text,
    port: text,
    'implicit-port': text,
    fault: { type: 'string', multiple: true },
    log: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const { describeFaults, isFaultChoice } = await import('../src/server/faults/faultHelp.ts');
if (values.help) {
  console.log(`npm run sandbox -- [options]
  --folder DIRECTORY           keeps its state and its files there
  --host ADDRESS               listens there instead of at 127.0.0.1
  --port N, --implicit-port N  for explicit and implicit FTPS
  --log                        shows the dialogue
  --fault NAME                 makes it misbehave; may be given several times:
${describeFaults()}`);
  process.exit(0);
}
const faults = (values.fault ?? []).map((name) => {
  if (!isFaultChoice(name)) throw new Error(`${name} is no fault; --help lists them`);
  return name;
});
const state = join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'ftps-explorer');
const ports = { explicit: portOf(values.port), implicit: portOf(values['implicit-port']) };

const { startSandbox } = await import('../src/server/sandbox.ts');
const sandbox = await startSandbox({
  folder: values.folder ?? join(state, 'sandbox'),
  ...(values.host === undefined ? {} : { host: values.host }),
  ports: Object.fromEntries(Object.entries(ports).filter(([, port]) => port !== undefined)),
  faults,
  ...(values.log ? { log: (/** @type {string} */ line) => console.log(line) } : {}),
});
console.log(`Explicit FTPS  ${sandbox.host}:${sandbox.port}
Implicit FTPS  ${sandbox.host}:${sandbox.implicitPort}
User           ${sandbox.user}
Password       ${sandbox.password}
Authority      ${sandbox.caFile}
Fingerprint    ${sandbox.fingerprint}
Files          ${sandbox.root}
Ctrl+C ends it.`);

await untilStopped();
await sandbox.close();
process.exit(0);

/** @param {string | undefined} option */
function portOf(option) {
  if (option === undefined) return undefined;
  const port = Number(option);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${option} is no port`);
  return port;
}
