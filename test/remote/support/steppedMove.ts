import { FtpsError } from '../../../src/client/errors.ts';
import { readPathStatus } from '../../../src/client/pathStatus.ts';
import type { RemoteClient } from '../../../src/remote/remoteClient.ts';

/** The verified move call by call, so that what an odd client does otherwise counts for it too. */
export function steppedMove(client: () => RemoteClient): RemoteClient['moveVerified'] {
  return async (from, to, { verify, mode, status, replaced }, signal) => {
    const odd = client();
    const modeIsSet = mode === undefined ? undefined : await odd.setMode(from, mode, signal);
    const told = await odd.stat(from, signal);
    const size = told?.size ?? (await odd.size(from, signal));
    const facts = told && (size === undefined ? told : { ...told, size });
    const answer = status ? await odd.command(`STAT ${from}`, signal) : undefined;
    const byStatus = answer && readPathStatus(answer, from, Date.now());
    const target = replaced ? await odd.stat(to, signal) : undefined;
    const uploaded = { facts, hash: undefined, modeIsSet, status: byStatus, replaced: target };
    if (!verify(uploaded)) return { kind: 'unverified', uploaded };
    try {
      await odd.rename(from, to);
    } catch (error) {
      if (!(error instanceof FtpsError)) throw error;
      return { kind: error.kind === 'refused' ? 'refused' : 'unknown', uploaded, error };
    }
    return { kind: 'moved', uploaded, target: await odd.stat(to) };
  };
}
