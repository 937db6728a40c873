import { describe, expect, it } from 'vitest';
import { badgeText, outboxRow } from '../../../src/editor/outbox/outboxRow.ts';
import { RemoteError } from '../../../src/remote/errors.ts';
import type { Delivery } from '../../../src/sync/deliveries.ts';
import { LocalFileGone, SaveConflict } from '../../../src/sync/saveFailure.ts';

const job = { connection: 'site', server: 'anna@h:21', localFile: '/here/a.php', remotePath: '/www/a.php' };

function row(error: RemoteError | undefined, nextAttemptAt?: number) {
  const state: Delivery['state'] = error ? { kind: 'failed', error } : { kind: 'waiting' };
  return outboxRow({ job, state, isHeldUp: true, nextAttemptAt }, (moment) => `moment ${moment}`);
}

describe('a row of what waits to be sent', () => {
  it.each([
    [undefined, 'being sent to site', 'outbox-sending'],
    [new RemoteError('unavailable', '/', 'No answer.'), 'waits for site', 'outbox-away'],
    [new SaveConflict('/www/a.php', 'changed'), 'differs on site: you decide', 'outbox-conflict'],
    [new LocalFileGone(job), 'is no longer on this computer', 'outbox-gone'],
    [new RemoteError('noPermission', '/', 'Denied.'), 'was not accepted by site', 'outbox-refused'],
  ])('says why: %s', (error, description, contextValue) => {
    expect(row(error)).toMatchObject({ label: 'a.php', description, contextValue });
    expect(row(error).tooltip).toBe(
      ['/here/a.php', '→ /www/a.php on site (anna@h:21)', ...(error ? [error.message] : [])].join('\n'),
    );
  });

  it('says when it is tried again', () => {
    expect(row(new RemoteError('unavailable', '/', 'No answer.'), 7).description).toBe(
      'waits for site, tried again at moment 7',
    );
  });

  it('is counted by the badge', () => {
    expect([badgeText(1), badgeText(2)]).toEqual(['1 file is not sent yet', '2 files are not sent yet']);
  });
});
