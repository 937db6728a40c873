import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Listing, ListingReader, parseList, parseMlsd } from '../protocol/listing.ts';
import { FtpsError, refusal } from './errors.ts';
import type { Session } from './session.ts';
import { runRepeatable, type Transfer } from './transfer.ts';

export interface DirectoryListing extends Listing {
  readonly source: 'mlsd' | 'list';
}

/** What this server's LIST was found to bear. */
export interface ListTraits {
  /** False once `LIST -a` was refused, or hid what plain LIST shows. */
  dotFiles: boolean;
}

type Release = () => Promise<() => void>;

/** Lists one directory: MLSD where FEAT lists MLST (C-44), else LIST (C-45). @throws FtpsError */
export async function listDirectory(
  session: Session,
  traits: ListTraits,
  path: string,
  enter: Release,
  signal?: AbortSignal,
): Promise<DirectoryListing> {
  if (session.features.has('MLST')) {
    const lines = await fetchLines(session, 'MLSD', path, enter, signal);
    return { ...parseMlsd(lines), source: 'mlsd' };
  }
  // The path goes to CWD, never to LIST: servers read options and wildcards out of its argument.
  await changeDirectory(session, path);
  const lines = await listWorkingDirectory(session, traits, path, enter, signal);
  return { ...parseList(lines, session.clock.now()), source: 'list' };
}

async function listWorkingDirectory(
  session: Session,
  traits: ListTraits,
  path: string,
  enter: Release,
  signal?: AbortSignal,
): Promise<string[]> {
  if (traits.dotFiles) {
    try {
      const lines = await fetchLines(session, 'LIST', '-a', enter, signal);
      if (lines.length > 0) return lines;
    } catch (error) {
      if (!(error instanceof FtpsError && error.kind === 'refused')) throw error;
    }
    // Nothing at all, not even "." and "..": perhaps "-a" was taken for a name.
    await changeDirectory(session, path);
    const plain = await fetchLines(session, 'LIST', undefined, enter, signal);
    if (plain.length > 0) traits.dotFiles = false;
    return plain;
  }
  return fetchLines(session, 'LIST', undefined, enter, signal);
}

async function changeDirectory(session: Session, path: string): Promise<void> {
  const reply = await session.control.send('CWD', path);
  if (reply.code !== 250) throw refusal('command', `the folder ${path} (CWD)`, reply);
}

async function fetchLines(
  session: Session,
  verb: 'LIST' | 'MLSD',
  argument: string | undefined,
  enter: Release,
  signal?: AbortSignal,
): Promise<string[]> {
  let reader = new ListingReader();
  const move: Transfer['move'] = async (stream, moved, stop) => {
    reader = new ListingReader();
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        moved(chunk.length);
        try {
          reader.push(chunk);
          done();
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)));
        }
      },
    });
    await pipeline(stream, sink, { signal: stop });
    stream.end(); // C-37
  };
  await runRepeatable(session, { verb, argument, move }, enter, signal);
  return reader.finish();
}
