import { FtpsClient } from '../../../src/client/ftpsClient.ts';
import { RemoteFileSystem } from '../../../src/remote/remoteFileSystem.ts';
import { SessionPool } from '../../../src/remote/sessionPool.ts';
import type { RemoteClient } from '../../../src/remote/remoteClient.ts';
import { FolderSync } from '../../../src/sync/folderSync.ts';

// A process of its own that brings two folders into step once, and is killed at any moment.

const [host = '', port = '', ca = '', localFolder = '', storage = ''] = process.argv.slice(2);

const pool = new SessionPool<RemoteClient>(
  (signal) =>
    FtpsClient.connect(
      {
        host,
        port: Number(port),
        security: 'explicit',
        user: 'anna',
        password: 'secret',
        tls: { ca: [ca], servername: 'localhost' },
      },
      signal,
    ),
  { limit: 4 },
);
const files = new RemoteFileSystem(pool);
const sync = new FolderSync({
  pair: { host, port: Number(port), user: 'anna', remoteFolder: '/', localFolder },
  files,
  ignore: [],
  storage,
  now: () => Date.now(),
  snapshotLimit: 1_000_000_000,
  compareLimit: 1_000_000,
});
const { steps } = await sync.review({
  direction: 'both',
  deleteExtra: true,
  onlyNewer: false,
  existingOnly: false,
});
const { outcomes } = await sync.apply(steps);
await sync[Symbol.asyncDispose]();
await files.close();
process.stdout.write(
  JSON.stringify({
    steps: steps.map(({ path, action, reason }) => `${action} ${path}: ${reason}`),
    failures: outcomes.flatMap(({ step, error }) => (error ? [`${step.path}: ${error.message}`] : [])),
  }),
);
