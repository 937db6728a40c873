import type { Reply } from '../protocol/reply.ts';

/** Shorter ones would garble every reply, and tell nothing where they stand in one. */
const shortestSecret = 4;

/** The reply without a secret that the server echoes, so that neither log nor message repeats it. C-56 */
export function withoutSecret(reply: Reply, secret: string | undefined): Reply {
  if (secret === undefined || secret.length < shortestSecret) return reply;
  return { code: reply.code, lines: reply.lines.map((line) => line.replaceAll(secret, '********')) };
}
