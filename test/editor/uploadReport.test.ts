import { describe, expect, it } from 'vitest';
import { failedUploadsText, uploadSummary } from '../../src/editor/uploadReport.ts';
import { RemoteError } from '../../src/remote/errors.ts';
import type { SaveItem, SaveState } from '../../src/sync/saveQueue.ts';
import { entryOf } from './support/entries.ts';

const failed: SaveState = { kind: 'failed', error: new RemoteError('unavailable', '/', 'No answer.') };
const done: SaveState = { kind: 'done', result: { entry: entryOf('/a.css'), method: 'created' } };
const uploading: SaveState = { kind: 'uploading', bytes: 0 };

function item(name: string, state: SaveState, connection = 'site'): SaveItem {
  return { job: { connection, localFile: `/site/${name}`, remotePath: `/${name}` }, state };
}

describe('the message about uploads that failed', () => {
  it.each([
    [['a.css'], 'a.css was not uploaded. No answer.'],
    [['a.css', 'b.css'], 'a.css and b.css were not uploaded. No answer.'],
    [['a.css', 'b.css', 'c.css'], 'a.css and 2 other files were not uploaded. No answer.'],
  ])('is one for %j', (names, text) => {
    expect(failedUploadsText(names.map((name) => item(name, failed)))).toBe(text);
  });

  it('names a file once that two connections wanted', () => {
    const items = [item('a.css', failed), item('a.css', failed, 'other')];
    expect(failedUploadsText(items)).toBe('a.css was not uploaded. No answer.');
  });
});

describe('the status bar', () => {
  it('tells first what is under way, then what has failed', () => {
    const items = [item('a.css', failed), item('b.css', uploading), item('c.css', { kind: 'waiting' })];
    const [first] = items;
    if (!first) throw new Error('no item');
    expect(uploadSummary(items, first)).toEqual({ kind: 'running', names: ['b.css', 'c.css'] });
    expect(uploadSummary([first], first)).toEqual({ kind: 'failed', names: ['a.css'] });
  });

  it('tells what is done, once nothing else is left', () => {
    expect(uploadSummary([], item('a.css', done))).toEqual({ kind: 'done', name: 'a.css' });
    expect(uploadSummary([item('b.css', uploading)], item('a.css', done)).kind).toBe('running');
    expect(uploadSummary([item('b.css', failed)], item('a.css', done)).kind).toBe('failed');
  });

  it('shows nothing when a failure was dismissed', () => {
    expect(uploadSummary([], item('a.css', failed))).toEqual({ kind: 'nothing' });
  });
});
