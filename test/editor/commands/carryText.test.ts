import { describe, expect, it } from 'vitest';
import { carriedText, overwriteQuestion } from '../../../src/editor/commands/carryText.ts';

const target = { name: 'staging', host: 'ftp.example.com' };
const none = { done: 0, same: 0, failed: 0, left: 0 };

describe('what is told of files that were carried over', () => {
  it.each([
    [{ ...none, done: 1 }, 'Uploaded 1 file to staging (ftp.example.com).'],
    [{ ...none, done: 3, same: 1 }, 'Uploaded 3 files to staging (ftp.example.com). 1 was the same already.'],
    [{ ...none, same: 2 }, 'Nothing to do: staging (ftp.example.com) has the same.'],
    [{ ...none, left: 1 }, '1 left as it is.'],
    [
      { ...none, done: 2, left: 3, failed: 1 },
      'Uploaded 2 files to staging (ftp.example.com). 3 left as they are. 1 failed.',
    ],
    [{ ...none, same: 1, failed: 1 }, '1 failed.'],
  ])('names the connection and its host: %j', (counts, text) => {
    expect(carriedText(counts, 'toRemote', target)).toBe(text);
  });

  it('says where files came from', () => {
    expect(carriedText({ ...none, done: 2 }, 'toLocal', target)).toBe(
      'Downloaded 2 files from staging (ftp.example.com).',
    );
  });
});

describe('the question before something is overwritten', () => {
  const place = { host: 'ftp.example.com', remote: '/www' };

  it('names the file, the host and the folder, and what an undo brings back', () => {
    expect(overwriteQuestion(['css/a.css'], 'toRemote', place)).toEqual({
      message: 'Overwrite "css/a.css" on ftp.example.com?',
      detail:
        'It changed on the server too, or both sides were never compared. What is there is kept for "Undo Last Sync".\nServer folder: /www',
    });
  });

  it('lists no more files than a message has room for', () => {
    const names = Array.from({ length: 12 }, (_, index) => `${index}.txt`);
    const { message, detail } = overwriteQuestion(names, 'toLocal', place);
    expect(message).toBe('Overwrite 12 files here?');
    expect(detail).toContain('9.txt\nand 2 more\nThey changed here too');
  });
});
