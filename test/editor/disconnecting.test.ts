import { describe, expect, it } from 'vitest';
import { NotConnected } from '../../src/editor/notConnected.ts';
import { RemoteError } from '../../src/remote/errors.ts';
import { certificate, ConnectionHarness, FakeFiles, profileOf } from './support/connectionHarness.ts';

const account = 'explicit://me@ftp.example.com:21';

describe('a connection', () => {
  it('that is disconnected while it opens ends its attempt and leaves no spinner', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    harness.serve = (_access, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new RemoteError('cancelled', '/', 'Cancelled.'))),
      );
    const connecting = harness.connection.connect();
    await expect.poll(() => harness.attempts.length).toBe(1);
    expect(harness.connection.state.kind).toBe('connecting');
    await harness.connection.disconnect();
    await expect(connecting).rejects.toThrow(NotConnected);
    expect(harness.connection.state.kind).toBe('disconnected');
  });

  it('that is disconnected while it asks for the password takes the question back', async () => {
    const harness = new ConnectionHarness();
    harness.answers = false;
    const connecting = harness.connection.connect();
    await expect.poll(() => harness.questions).toEqual(['password']);
    await harness.connection.disconnect();
    await expect(connecting).rejects.toThrow(NotConnected);
    expect(harness.questions).toEqual(['password', 'taken back']);
    expect([harness.connection.state.kind, harness.attempts]).toEqual(['disconnected', []]);
  });

  it.each(['clear text', 'trust selfSigned'])(
    'that is disconnected while it asks about "%s", which cannot be taken back, does not wait for the answer',
    async (question) => {
      const harness = new ConnectionHarness(profileOf(question === 'clear text' ? { security: 'none' } : {}));
      harness.secrets.secrets.set(account, 'secret');
      harness.answers = false;
      harness.serve = () =>
        Promise.reject(new RemoteError('certificate', '/', 'It does not verify.', { certificate }));
      const connecting = harness.connection.connect();
      await expect.poll(() => harness.questions).toEqual([question]);
      await harness.connection.disconnect();
      await expect(connecting).rejects.toThrow(NotConnected);
      expect(harness.memory.size).toBe(0);
    },
  );

  it('that is disconnected before it has come to a question asks none', async () => {
    const harness = new ConnectionHarness();
    const connecting = harness.connection.connect();
    await harness.connection.disconnect();
    await expect(connecting).rejects.toThrow(NotConnected);
    expect(harness.questions).toEqual([]);
  });

  it('that opens after it was disconnected is closed again', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    const files = new FakeFiles();
    let open: (files: FakeFiles) => void = () => undefined;
    const opening = new Promise<FakeFiles>((resolve) => {
      open = resolve;
    });
    harness.serve = () => opening;
    const connecting = harness.connection.connect();
    await expect.poll(() => harness.attempts.length).toBe(1);
    await harness.connection.disconnect();
    open(files);
    await expect(connecting).rejects.toThrow(NotConnected);
    expect(files.closed).toBe(true);
    expect(harness.connection.state.kind).toBe('disconnected');
  });
});
