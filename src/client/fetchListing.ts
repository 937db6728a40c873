import { GrowingList, type GrowingListing, GrowingMlsd } from '../protocol/growingListing.ts';
import { type Listing, ListingReader } from '../protocol/listing.ts';
import { bearsEarlyEnd, endingEarly, mayBeCut, readAll, sentAtOnce } from './earlyEnd.ts';
import { FtpsError, reasonOf } from './errors.ts';
import type { ServerTraits } from './serverTraits.ts';
import type { Session } from './session.ts';
import { runRepeatable, type Transfer } from './transfer.ts';

type ListingCommand = Pick<Transfer, 'argument' | 'lead'> & { readonly verb: 'LIST' | 'MLSD' };

export interface Fetched {
  readonly listing: Listing;
  /** How many lines there were, be they entries or not. */
  readonly lines: number;
  readonly bytes: number;
  /** What the server said of a listing that it has cut at a limit of its own. */
  readonly cutShort: string | undefined;
}

/** Round trips that a listing costs which was cut, in those that one saves which was not. */
const costOfCut = 4;
/** What is saved is forgotten beyond this, so that the next one that is cut ends it. */
const mostSaved = 3;

/** Of servers on which one session is at a trial: the others need not make it as well, they learn of it. */
const onTrial = new WeakSet<ServerTraits>();

/**
 * The lines of one folder. Where that is safe, this side says close_notify with the last word of its handshake. Nobody
 * knows how large a listing will be, so what that gains is weighed against what was cut.
 * @throws FtpsError
 */
export async function fetchListing(
  session: Session,
  command: ListingCommand,
  signal?: AbortSignal,
): Promise<Fetched> {
  const { traits } = session;
  const fetch = (endsEarly: boolean): Promise<Fetched> => fetchOnce(session, command, endsEarly, signal);
  if (!mayEndEarly(session)) {
    const fetched = await fetch(false);
    if (fetched.bytes <= sentAtOnce && traits.listingsSaved < 0) traits.listingsSaved += 1;
    return fetched;
  }
  if (traits.earlyListings !== true) return withTrial(session, fetch, signal);
  // An empty folder is what a server shows that stops at once.
  const isCredible = ({ listing }: Fetched): boolean => {
    const isTrusted = listing.entries.length > 0;
    if (isTrusted && traits.listingsSaved < mostSaved) traits.listingsSaved += 1;
    return isTrusted;
  };
  const compare = (early: Fetched | undefined, whole: Fetched): void => {
    if (early === undefined) traits.listingsSaved -= costOfCut;
    if (early ? !isSame(early, whole) : whole.bytes <= sentAtOnce) traits.earlyEnd = false;
  };
  return endingEarly(session, { fetch, isCredible, compare }, signal);
}

/**
 * The listing, heard to its end. The first small one is said once more and ended early, and compared: only where that
 * is the same may the next ones be ended so. What becomes of the trial is not the caller's concern.
 */
async function withTrial(
  { traits, control, log }: Session,
  fetch: (endsEarly: boolean) => Promise<Fetched>,
  signal?: AbortSignal,
): Promise<Fetched> {
  const whole = await fetch(false);
  const isSmall = whole.listing.entries.length > 0 && whole.bytes <= sentAtOnce;
  const isUndecided = traits.earlyListings === undefined && traits.earlyEnd && !onTrial.has(traits);
  if (!isSmall || !isUndecided || signal?.aborted || !control.isOpen) return whole;
  onTrial.add(traits);
  try {
    const isBorne = isSame(await fetch(true), whole);
    if (isBorne) traits.earlyListings = true;
    else traits.earlyEnd = false;
  } catch (error) {
    const isBlamed = mayBeCut(error) || !control.isOpen || isTimeout(error);
    if (isBlamed && !signal?.aborted) traits.earlyEnd = false;
    log.debug(`no listing is ended early: ${reasonOf(error)}`);
  } finally {
    onTrial.delete(traits);
  }
  return whole;
}

function isTimeout(error: unknown): boolean {
  return error instanceof FtpsError && error.kind === 'timeout';
}

/** Of two listings in a row. */
function isSame(one: Fetched, other: Fetched): boolean {
  return one.bytes === other.bytes && one.lines === other.lines;
}

/**
 * TLS 1.3 lets one side end while the other goes on (RFC 8446 §6.1); in TLS 1.2 the peer must end as well, and drop what
 * it has not written (RFC 5246 §7.2.1). A server that reads no command while it sends most likely reads
 * nothing of the data connection either, and so ends nothing in good order before it is whole, which one listing that is
 * said twice confirms; what it cuts otherwise lacks close_notify. C-38
 */
function mayEndEarly(session: Session): boolean {
  const { traits, options, control } = session;
  const isSafe = traits.sequential === true && options.truncation !== 'ignore';
  if (!isSafe || traits.listingsSaved < 0 || !bearsEarlyEnd(session)) return false;
  return control.tlsInfo().tlsVersion === 'TLSv1.3';
}

async function fetchOnce(
  session: Session,
  command: ListingCommand,
  endsEarly: boolean,
  signal?: AbortSignal,
): Promise<Fetched> {
  const begin = (): readonly [ListingReader, GrowingListing] => [
    new ListingReader(session.codec.decode),
    command.verb === 'MLSD' ? new GrowingMlsd() : new GrowingList(session.clock.now()),
  ];
  let [reader, listing] = begin();
  let bytes = 0;
  const move: Transfer['move'] = async (stream, moved) => {
    [reader, listing] = begin();
    bytes = 0;
    if (endsEarly) stream.end();
    await readAll(stream, (chunk) => {
      moved(chunk.length);
      bytes += chunk.length;
      reader.push(chunk);
      listing.push(reader.take());
    });
    if (!endsEarly) stream.end(); // C-37
  };
  const { final } = await runRepeatable(session, { ...command, move }, signal);
  listing.push(reader.finish());
  // Pure-FTPd, for example: "226 Output truncated to 10000 matches".
  const cutShort = final.lines.find((line) => /\btruncated\b/i.test(line));
  return { listing: listing.finish(), lines: reader.count, bytes, cutShort };
}
