// npm run sandbox: a server to try things on, with a sample site, until Ctrl+C. `-- --folder DIR` keeps its state elsewhere,
// `--host ADDRESS` lets others than this machine in, `--port N` and `--implicit-port N` choose its ports, `--log` shows the dialogue.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { continueUnderProjectNode, ensureDependencies } from './bootstrap.mjs';

ensureDependencies();
continueUnderProjectNode(import.meta.filename);

const text = /** @type {const} */ ({ type: 'string' });
const { values } = parseArgs({
  options: { folder: text, host: text, port: text, 'implicit-port': text, log: { type: 'boolean' } },
});
const state = join(process.env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'ftps-explorer');
const ports = { explicit: portOf(values.port), implicit: portOf(values['implicit-port']) };

const { startSandbox } = await import('../src/server/sandbox.ts');
const sandbox = await startSandbox({
  folder: values.folder ?? join(state, 'sandbox'),
  ...(values.host === undefined ? {} : { host: values.host }),
  ports: Object.fromEntries(Object.entries(ports).filter(([, port]) => port !== undefined)),
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

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await sandbox.close();
    process.exit(0);
  });
}

/** @param {string | undefined} option */
function portOf(option) {
  if (option === undefined) return undefined;
  const port = Number(option);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${option} is no port`);
  return port;
}
