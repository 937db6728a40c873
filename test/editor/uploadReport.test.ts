import { describe, expect, it } from 'vitest';
import { failedUploadsText, uploadSummary } from '../../src/editor/uploadReport.ts';
import { RemoteError } from '../../src/remote/errors.ts';
import type { SaveItem, SaveState } from '../../src/sync/saveQueue.ts';
import { entryOf } from './support/entries.ts';

const failed: SaveState = { kind: 'failed', error: new RemoteError('noPermission', '/', 'No permission.') };
const unsent: SaveState = { kind: 'failed', error: new RemoteError('unavailable', '/', 'No answer.') };
const done: SaveState = { kind: 'done', result: { entry: entryOf('/a.css'), method: 'created' } };
const uploading: SaveState = { kind: 'uploading', bytes: 0 };

function item(name: string, state: SaveState, connection = 'site'): SaveItem {
  return {
    job: { connection, server: 'anna@h:21', localFile: `/site/${name}`, remotePath: `/${name}` },
    state,
  };
}

const away = { message: 'No answer.', isAway: true };
const refused = { message: 'No permission.', isAway: false };

describe('the message about uploads that failed', () => {
  it.each([
    [['a.css'], 'a.css was not uploaded. No permission.'],
    [['a.css', 'b.css'], 'a.css and b.css were not uploaded. No permission.'],
    [['a.css', 'b.css', 'c.css'], 'a.css and 2 other files were not uploaded. No permission.'],
  ])('is one for %j', (names, text) => {
    expect(failedUploadsText(names.map((name) => ({ ...item(name, failed), ...refused })))).toBe(text);
  });

  it('says that what waits for the server needs nobody', () => {
    const items = ['a.css', 'b.css'].map((name) => ({ ...item(name, failed), ...away }));
    expect(failedUploadsText(items.slice(1))).toBe(
      'b.css was not uploaded. No answer. It is sent when the server can be reached again.',
    );
    expect(failedUploadsText(items)).toMatch(/They are sent when the server can be reached again\.$/);
  });

  it('names a file once that two connections wanted', () => {
    const items = [item('a.css', failed), item('a.css', failed, 'other')];
    expect(failedUploadsText(items.map((each) => ({ ...each, ...refused })))).toBe(
      'a.css was not uploaded. No permission.',
    );
  });
});

describe('the status bar', () => {
  it('tells first what is under way, then what has failed', () => {
    const items = [item('a.css', failed), item('b.css', uploading), item('c.css', { kind: 'waiting' })];
    const [first] = items;
    if (!first) throw new Error('no item');
    expect(uploadSummary(items, first)).toEqual({
      kind: 'running',
      names: ['b.css', 'c.css'],
      targets: ['site'],
      bytes: 0,
    });
    expect(uploadSummary([first], first)).toEqual({ kind: 'failed', names: ['a.css'] });
  });

  it('tells what waits for the server from what failed for good', () => {
    const items = [item('a.css', unsent), item('b.css', unsent)];
    expect(uploadSummary(items, item('b.css', unsent))).toEqual({ kind: 'away', names: ['a.css', 'b.css'] });
    const mixed = [...items, item('c.css', failed)];
    expect(uploadSummary(mixed, item('c.css', failed)).kind).toBe('failed');
  });

  it('names the connections that files are on the way to, each once', () => {
    const items = ['live', 'staging', 'live'].map((name) => item('a.css', uploading, name));
    expect(uploadSummary(items, item('a.css', uploading))).toMatchObject({ targets: ['live', 'staging'] });
  });

  it('tells how much of what is under way has left this computer', () => {
    const items = [
      item('a.css', { kind: 'uploading', bytes: 300 }),
      item('b.css', { kind: 'uploading', bytes: 4 }),
    ];
    expect(
      uploadSummary([...items, item('c.css', { kind: 'waiting' })], item('b.css', uploading)),
    ).toMatchObject({
      bytes: 304,
    });
  });

  it('tells what is done and where it went, once nothing else is left', () => {
    expect(uploadSummary([], item('a.css', done))).toEqual({
      kind: 'done',
      name: 'a.css',
      target: 'site',
      place: '/a.css on anna@h:21',
    });
    expect(uploadSummary([item('b.css', uploading)], item('a.css', done)).kind).toBe('running');
    expect(uploadSummary([item('b.css', failed)], item('a.css', done)).kind).toBe('failed');
  });

  it('shows nothing when a failure was dismissed', () => {
    expect(uploadSummary([], item('a.css', failed))).toEqual({ kind: 'nothing' });
  });
});
