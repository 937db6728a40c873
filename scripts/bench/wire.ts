import type { Packet } from './network.ts';

const [fin, syn, reset] = [1, 2, 4];

/** What of a trace belongs to an operation that ran between two moments of the monotonic clock, in milliseconds. */
export function packetsBetween(packets: readonly Packet[], begin: number, end: number): Packet[] {
  return packets.filter(({ at }) => at >= begin && at <= end);
}

function carries({ flags, payload }: Packet): boolean {
  return payload > 0 || (flags & syn) !== 0;
}

/**
 * From the first SYN or payload that the client sends to the last payload that reaches it, in round trips.
 * @param delay milliseconds that a packet takes in one direction
 */
export function roundTrips(packets: readonly Packet[], delay: number): number {
  const first = packets.find((packet) => packet.from === 'client' && carries(packet));
  const last = packets.findLast((packet) => packet.from === 'server' && packet.payload > 0);
  if (!first || !last) return 0;
  return (last.at + delay - first.at) / (2 * delay);
}

/** The same up to the last payload of a data connection, for programs that say good-bye in their own time. */
export function roundTripsToData(packets: readonly Packet[], controlPort: number, delay: number): number {
  const first = packets.findIndex((packet) => packet.from === 'client' && carries(packet));
  const isData = (packet: Packet): boolean =>
    packet.from === 'server' && packet.payload > 0 && packet.sourcePort !== controlPort;
  const last = packets.findLastIndex(isData);
  return roundTrips(packets.slice(first, last + 1), delay);
}

const contentTypes: Readonly<Record<string, string>> = {
  '14': 'ChangeCipherSpec',
  '15': 'alert',
  '16': 'handshake',
  '17': 'application data',
};

/** A trace for people: bursts of packets, each with its moment in round trips since the first packet. */
export function describeTrace(packets: readonly Packet[], controlPort: number, delay: number): string {
  const [first] = packets;
  if (!first) return '(no packets)';
  const connections: string[] = [];
  const lines = packets.map((packet) => {
    const isOut = packet.from === 'client';
    const serverPort = isOut ? packet.targetPort : packet.sourcePort;
    const connection = `${isOut ? packet.sourcePort : packet.targetPort}-${serverPort}`;
    if (!connections.includes(connection)) connections.push(connection);
    const number = connections.indexOf(connection) + 1;
    const name = `${serverPort === controlPort ? 'control' : 'data'}${number}`;
    const when = ((packet.at - first.at) / (2 * delay)).toFixed(2).padStart(6);
    return `${when} ${isOut ? '->' : '<-'} ${name.padEnd(9)} ${contentOf(packet)}`;
  });
  return lines.join('\n');
}

function contentOf({ flags, payload, head }: Packet): string {
  const marks = [
    ...(flags & syn ? ['SYN'] : []),
    ...(flags & fin ? ['FIN'] : []),
    ...(flags & reset ? ['RST'] : []),
  ];
  if (payload === 0) return marks.length > 0 ? marks.join(' ') : 'ack';
  const type = head.slice(2, 4) === '03' ? contentTypes[head.slice(0, 2)] : undefined;
  const handshake =
    type === 'handshake' ? { '01': ' ClientHello', '02': ' ServerHello' }[head.slice(10, 12)] : '';
  const text = Buffer.from(head, 'hex')
    .toString('latin1')
    .replaceAll(/[^ -~]/g, '.');
  return [...marks, `${payload} bytes`, type ? `${type}${handshake ?? ''}` : `"${text}"`].join(' ');
}
