import { formatReply } from '../../protocol/reply.ts';
import { transferVerbs } from './commandFaults.ts';
import type { FaultEffects, OutgoingReply } from './faultEffects.ts';

type ReplyFault = NonNullable<FaultEffects['reply']>;

export const byteByByte: ReplyFault = (reply) => ({ ...reply, bytesAtATime: 1 });

/** After so many milliseconds. */
export function late(milliseconds: number): ReplyFault {
  return async (reply, wait) => {
    await wait(milliseconds);
    return reply;
  };
}

/** The answer to one command is no reply at all. */
export function garbage(verb: string): ReplyFault {
  return (reply) => (reply.verb === verb ? { ...reply, text: '\u0000\u0007 what is this?\r\n' } : reply);
}

/** 226 comes with 150, before the data. */
export const completionBeforeData: ReplyFault = (reply) => {
  if (!transferVerbs.has(reply.verb)) return reply;
  if (reply.code === 150) return { ...reply, text: `${reply.text}${formatReply(226, 'Done already.')}` };
  return reply.code === 226 ? undefined : reply;
};

export const noPreliminary: ReplyFault = (reply) => (reply.code === 150 ? undefined : reply);

/** PASV names a host that is not the server. RFC 5737 keeps the address for examples. */
export const foreignAddress: ReplyFault = (reply) =>
  reply.code === 227
    ? withText(reply, 227, (text) => text.replace(/\((?:\d+,){4}/, '(198,51,100,7,'))
    : reply;

/** As RFC 2228 has it for mechanisms with an ADAT exchange, which TLS is not. */
export const challengeInsteadOfAcceptance: ReplyFault = (reply) =>
  reply.code === 234 ? withText(reply, 334, (text) => `334${text.slice(3)}`) : reply;

/** What an attacker between both would put behind 234, in the same packet. CVE-2021-22947 */
export const injectedBehindAcceptance: ReplyFault = (reply) =>
  reply.code === 234 ? withText(reply, 234, (text) => `${text}${formatReply(230, 'Logged in.')}`) : reply;

export const oneByteTooMany: ReplyFault = (reply) =>
  reply.verb === 'SIZE' && reply.code === 213
    ? withText(reply, 213, (text) => formatReply(213, String(Number(text.slice(4)) + 1)))
    : reply;

/** What others say for 521. */
export const levelRefusedWith522: ReplyFault = (reply) =>
  reply.code === 521
    ? withText(reply, 522, () => formatReply(522, 'Data connections must be encrypted.'))
    : reply;

function withText(reply: OutgoingReply, code: number, change: (text: string) => string): OutgoingReply {
  return { ...reply, code, text: change(reply.text) };
}
