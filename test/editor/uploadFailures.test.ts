import { describe, expect, it } from 'vitest';
import { UploadFailures } from '../../src/editor/uploadFailures.ts';
import { RemoteError, type RemoteErrorKind } from '../../src/remote/errors.ts';
import { SaveConflict } from '../../src/sync/saveFailure.ts';
import { SaveQueue } from '../../src/sync/saveQueue.ts';
import { entryOf } from './support/entries.ts';

/** A queue whose server a test turns off, and messages that it answers. */
function setUp() {
  const scene = {
    serverIsUp: false,
    conflict: false,
    error: 'noPermission' satisfies RemoteErrorKind as RemoteErrorKind,
    shown: [] as string[],
    uploaded: [] as string[],
    connected: [] as string[],
  };
  const answers: ((again: boolean) => void)[] = [];
  const queue = new SaveQueue(async ({ remotePath }) => {
    if (scene.conflict) throw new SaveConflict(remotePath, 'changed');
    if (!scene.serverIsUp) throw new RemoteError(scene.error, remotePath, 'No answer.');
    scene.uploaded.push(remotePath);
    return { entry: entryOf(remotePath), method: 'created' };
  });
  const failures = new UploadFailures({
    queue,
    ask: (message) => {
      scene.shown.push(message);
      return new Promise((resolve) => answers.push(resolve));
    },
    connect: async (connection) => void scene.connected.push(connection),
  });
  let told: Promise<void> = Promise.resolve();
  queue.onDidChange(({ state }) => {
    if (state.kind === 'failed') told = Promise.all([told, failures.tell()]).then(() => undefined);
  });
  const save = (name: string) =>
    queue.upload({ connection: 'site', server: 'anna@h:21', localFile: `/${name}`, remotePath: `/${name}` });
  const answer = async (again: boolean) => {
    answers.shift()?.(again);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { scene, save, answer, failures };
}

describe('uploads that failed', () => {
  it('bring one message, and one retry for all that failed while it stood', async () => {
    const { scene, save, answer } = setUp();
    for (const name of ['a.css', 'b.css', 'a.css']) await save(name);
    expect(scene.shown).toEqual(['a.css was not uploaded. No answer.']);
    scene.serverIsUp = true;
    await answer(true);
    expect(scene.uploaded).toEqual(['/a.css', '/b.css']);
    expect(scene.connected).toEqual(['site']);
    expect(scene.shown.length).toBe(1);
  });

  it('are told of again when they failed after the message that was dismissed', async () => {
    const { scene, save, answer } = setUp();
    await save('a.css');
    await save('b.css');
    await answer(false);
    expect(scene.shown).toEqual(['a.css was not uploaded. No answer.', 'b.css was not uploaded. No answer.']);
    await answer(false);
    expect([scene.shown.length, scene.uploaded]).toEqual([2, []]);
  });

  it('are not retried when they were uploaded meanwhile', async () => {
    const { scene, save, answer } = setUp();
    await save('a.css');
    scene.serverIsUp = true;
    await save('a.css');
    await answer(true);
    expect(scene.uploaded).toEqual(['/a.css']);
  });

  it('are told once, however often they are tried again by themselves', async () => {
    const { scene, save, answer } = setUp();
    await save('a.css');
    await answer(false);
    await save('a.css');
    expect(scene.shown.length).toBe(1);
  });

  it('are told again when the file has been saved anew by hand', async () => {
    const { scene, save, answer, failures } = setUp();
    await save('a.css');
    await answer(false);
    failures.forget({ connection: 'site', server: 'anna@h:21', localFile: '/a.css', remotePath: '/a.css' });
    await save('a.css');
    expect(scene.shown.length).toBe(2);
  });

  it('bring no message when somebody else has changed the file on the server: that is a question', async () => {
    const { scene, save } = setUp();
    scene.conflict = true;
    await save('a.css');
    expect(scene.shown).toEqual([]);
  });

  it('bring a new message when they fail again after a retry', async () => {
    const { scene, save, answer } = setUp();
    await save('a.css');
    await answer(true);
    expect(scene.shown.length).toBe(2);
  });
});
