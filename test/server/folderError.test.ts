import { expect, it } from 'vitest';
import { FolderError, replyToFailure } from '../../src/server/folderError.ts';

it.each([
  [new FolderError(553, 'No.'), [553, 'No.']],
  [Object.assign(new Error('/secret/path'), { code: 'ENOSPC' }), [452, 'No space left.']],
  [Object.assign(new Error('/secret/path'), { code: 'EWHATEVER' }), [451, 'The file system failed.']],
  [new Error('/secret/path'), [451, 'The file system failed.']],
  ['no error at all', [451, 'The file system failed.']],
])('a failure is answered without a path of the server: %s', (failure, reply) => {
  expect(replyToFailure(failure)).toEqual(reply);
});
