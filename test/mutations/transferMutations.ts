import type { Mutation } from './mutation.ts';

/** Of the musts of data connections and of what travels over them. */
export const transferMutations: readonly Mutation[] = [
  {
    requirement: 'C-30',
    file: 'src/client/passiveRoute.ts',
    find: "const host = options.passiveAddress === 'announced' ? offered.host : control.remoteAddress;",
    replace: 'const { host } = offered;',
    why: 'Data connections go to whatever host PASV names.',
  },
  {
    requirement: 'C-32',
    file: 'src/client/activeRoute.ts',
    find: 'if (socket.remoteAddress !== session.control.remoteAddress) {',
    replace: 'if (this.#socket) {',
    why: 'Anybody may open an active data connection.',
  },
  {
    requirement: 'C-32',
    file: 'src/client/activeRoute.ts',
    find: '        this.#server.close();\n        resolve(socket);',
    replace: '        resolve(socket);',
    why: 'More than one connection is taken for the data.',
  },
  {
    requirement: 'C-33',
    file: 'src/client/transfer.ts',
    find: '    said = sayTransfer(session, transfer, attempt.isBare);',
    replace:
      "    await connection.start('reading', signal);\n    said = sayTransfer(session, transfer, attempt.isBare);",
    why: 'TLS begins before the command is written.',
  },
  {
    requirement: 'C-34',
    file: 'src/client/controlConnection.ts',
    find: '} else if (reply.code < 200) {',
    replace: '} else if (reply.code === 150) {',
    why: 'A 125 is taken for the end of a transfer.',
  },
  {
    requirement: 'C-35',
    file: 'src/client/transfer.ts',
    find: 'await Promise.race([transfer.move(stream, moved, stop.signal), broken]);',
    replace: 'await Promise.race([transfer.move(stream, moved, stop.signal), command.final, broken]);',
    why: 'A transfer is done with its final reply, whatever of its data has come.',
  },
  {
    requirement: 'C-36',
    file: 'src/client/transfer.ts',
    find: "  return replyClass(reply.code) === 'completion';",
    replace: "  return replyClass(reply.code) !== 'preliminary';",
    why: 'Every final reply is a success.',
  },
  {
    requirement: 'C-37',
    file: 'src/client/fileTransfer.ts',
    find: '    stream.end(); // C-37',
    replace: '    // C-37',
    why: 'A download does not end its own side of the data connection.',
  },
  {
    requirement: 'C-38',
    file: 'src/client/transfer.ts',
    find: '    if (downloads(transfer) && !connection.endedOrderly) await judgeCut(session, transfer, attempt.bytes);\n',
    replace: '',
    why: 'A download that ends without close_notify is whole.',
  },
  {
    requirement: 'C-39',
    file: 'src/client/fileTransfer.ts',
    find: '    await sendAll(source, stream, count.meter(moved));',
    replace:
      '    for await (const chunk of source) await new Promise((resolve) => stream.write(chunk, resolve));\n    stream.destroy();',
    why: 'The connection of an upload is torn down instead of ended.',
  },
  {
    requirement: 'C-40',
    file: 'src/client/interrupt.ts',
    find: 'isFence: true',
    replace: 'isFence: false',
    why: 'Nothing shows where the replies to ABOR end.',
  },
  {
    requirement: 'C-41',
    file: 'src/client/transfer.ts',
    find: "  if (reply.code !== 350) throw refusal('transfer', 'to continue a transfer (REST)', reply);\n",
    replace: '',
    why: 'A transfer goes on although REST was refused.',
  },
  {
    requirement: 'C-46',
    file: 'src/remote/localName.ts',
    find: "character === '/' || character === '\\\\' ||",
    replace: "character === '/' ||",
    why: 'A backslash may stand in a local name.',
  },
  {
    requirement: 'C-47',
    file: 'src/protocol/command.ts',
    find: "if (verb === '' || breaksLine(line))",
    replace: "if (verb === '')",
    why: 'Arguments may carry line ends.',
  },
];
