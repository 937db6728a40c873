import type { CertificateReport } from '../client/certificate.ts';
import { type FailureKind, FtpsError, type Step } from '../client/errors.ts';

export type RemoteErrorKind =
  | 'notFound'
  | 'exists'
  | 'notADirectory'
  | 'isADirectory'
  | 'noPermission'
  | 'noSpace'
  | 'unavailable'
  | 'loginRefused'
  | 'certificate'
  | 'passphrase'
  | 'securityRefused'
  | 'conflict'
  | 'cancelled'
  | 'unsafeName'
  | 'failed';

export interface RemoteErrorDetails {
  readonly cause?: unknown;
  readonly certificate?: CertificateReport | undefined;
  /** Whether the same call may well succeed when it is made again. */
  readonly retryable?: boolean;
}

/** The one error of the remote layer. Its message says what failed, what the server answered and what to do next. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly kind: RemoteErrorKind;
  readonly path: string;
  /** Present when `kind` is `certificate`: what the user decides on. */
  readonly certificate: CertificateReport | undefined;
  readonly retryable: boolean;

  constructor(kind: RemoteErrorKind, path: string, message: string, details: RemoteErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.path = path;
    this.certificate = details.certificate;
    this.retryable = details.retryable ?? false;
  }
}

/** What the caller was doing, as it completes "Cannot … /path". */
export type Operation =
  | 'connect for'
  | 'list'
  | 'look at'
  | 'read'
  | 'save'
  | 'create'
  | 'delete'
  | 'rename'
  | 'download'
  | 'upload';

/** What a look after the failure found at the path; a 550 by itself does not say. */
export type Found = 'nothing' | 'directory' | 'file' | 'unknown';

const advice: Readonly<Partial<Record<RemoteErrorKind, string>>> = {
  notFound: 'It does not exist on the server, perhaps no longer: refresh its folder.',
  isADirectory: 'It is a folder.',
  notADirectory: 'It is a file, not a folder.',
  noPermission: 'Check the permissions of it and of its folder for the account that you log in with.',
  noSpace: 'The disk or the quota is full: make room on the server and try again.',
  unavailable: 'Try again; if it keeps failing, see the log of FTPS Explorer.',
};

/** Steps that belong to opening a session: what fails there is about the server, not about one path. */
const openingSteps: ReadonlySet<Step> = new Set<Step>([
  'resolve',
  'connect',
  'greeting',
  'auth',
  'tls',
  'certificate',
  'login',
  'protection',
  'features',
]);

/** Translates whatever a session threw. The only place above the client that knows reply codes. */
export function toRemoteError(
  error: unknown,
  path: string,
  operation: Operation,
  found: Found = 'unknown',
): RemoteError {
  if (error instanceof RemoteError) return error;
  if (isCancellation(error)) return new RemoteError('cancelled', path, 'Cancelled.', { cause: error });
  if (!(error instanceof FtpsError)) {
    const reason = error instanceof Error ? error.message : String(error);
    return new RemoteError('failed', path, `Cannot ${operation} ${printable(path)}: ${reason}`, {
      cause: error,
    });
  }
  const kind = error.kind === 'refused' ? refusalKind(error, operation, found) : kinds[error.kind];
  const details = { cause: error, certificate: error.certificate, retryable: retryable(error) };
  if (openingSteps.has(error.step)) return new RemoteError(kind, path, error.message, details);
  const sentences = [`Cannot ${operation} ${printable(path)}. ${error.message}`, advice[kind]];
  return new RemoteError(kind, path, sentences.filter(Boolean).join(' '), details);
}

const kinds: Readonly<Record<Exclude<FailureKind, 'refused'>, RemoteErrorKind>> = {
  unknownHost: 'unavailable',
  connectionRefused: 'unavailable',
  unreachable: 'unavailable',
  timeout: 'unavailable',
  closed: 'unavailable',
  protocol: 'failed',
  securityRefused: 'securityRefused',
  tls: 'unavailable',
  certificate: 'certificate',
  loginRefused: 'loginRefused',
  tooManySessions: 'unavailable',
  dataConnection: 'unavailable',
  truncated: 'unavailable',
  aborted: 'cancelled',
  unsupported: 'failed',
  invalidArgument: 'unsafeName',
};

const transientKinds: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'unreachable',
  'timeout',
  'closed',
  'tls',
  'tooManySessions',
  'dataConnection',
  'truncated',
]);

function retryable(error: FtpsError): boolean {
  const code = error.reply?.code ?? 0;
  return (
    transientKinds.has(error.kind) ||
    // The next session is opened in a way that this server bears.
    error.retryWith !== undefined ||
    (error.kind === 'refused' && code >= 400 && code < 500 && code !== 452)
  );
}

const asksForFile: ReadonlySet<Operation> = new Set<Operation>(['read', 'save', 'download', 'upload']);

/** RFC 959 §4.2.2; 521, 522, 533 and 534 as C-17 reads them. */
function refusalKind(error: FtpsError, operation: Operation, found: Found): RemoteErrorKind {
  const code = error.reply?.code ?? 0;
  switch (code) {
    case 452:
    case 552:
      return 'noSpace';
    case 530:
    case 532:
      return 'loginRefused';
    case 521:
    case 522:
    case 533:
    case 534:
      return 'securityRefused';
    case 421:
    case 425:
    case 426:
    case 450:
      return 'unavailable';
    case 501:
    case 550:
    case 553:
      // What is about to be created need not exist: the refusal is about something else.
      if (found === 'nothing' && operation !== 'save') return 'notFound';
      if (found === 'directory' && asksForFile.has(operation)) return 'isADirectory';
      if (found === 'file' && operation === 'list') return 'notADirectory';
      return code === 501 ? 'failed' : 'noPermission';
    default:
      return 'failed';
  }
}

export function isCancellation(error: unknown): boolean {
  if (error instanceof RemoteError) return error.kind === 'cancelled';
  if (error instanceof FtpsError) return error.kind === 'aborted';
  return error instanceof Error && error.name === 'AbortError';
}

/** The server answered and said no; the session is as good as before. Anything else may have been the connection. */
export function isRefusal(error: unknown): error is FtpsError {
  return error instanceof FtpsError && error.kind === 'refused';
}

/** The server said no for good, not for the moment. RFC 959 §4.2.1 */
export function isLastingRefusal(error: unknown): error is FtpsError {
  return isRefusal(error) && (error.reply?.code ?? 0) >= 500;
}

/** 501 is what MLSD says of anything that is not a folder. RFC 3659 §7 */
const ambiguousCodes: ReadonlySet<number> = new Set([501, 550, 553]);

/** Whether a look at the path can tell more about a refusal than its code does. */
export function isAmbiguousRefusal(error: unknown): boolean {
  return isRefusal(error) && ambiguousCodes.has(error.reply?.code ?? 0);
}

/** Handles the failure to find something: there is nothing. */
export function ifNotFound(error: unknown): undefined {
  if (error instanceof RemoteError && error.kind === 'notFound') return undefined;
  throw error;
}

/**
 * Whether the server said for good, before it touched anything, that it takes no file under this name. The failure of a
 * data connection says no such thing: servers find out about that when they have opened the file, and so emptied it.
 */
export function isNameRefused(error: unknown): boolean {
  if (!isLastingRefusal(error) || error.step !== 'transfer' || retryable(error)) return false;
  const kind = refusalKind(error, 'save', 'unknown');
  return kind !== 'noSpace' && kind !== 'securityRefused';
}

/**
 * Whether the failure to open one session more, beside others that work, may mean that there would be too many: 421, the
 * 530 that many servers send instead, or a connection that is refused or dropped before anybody is logged in.
 */
export function mayMeanTooManySessions(error: unknown): boolean {
  if (!(error instanceof FtpsError)) return false;
  const { kind, step } = error;
  const code = error.reply?.code;
  const isDropped = kind === 'connectionRefused' || (kind === 'closed' && openingSteps.has(step));
  return kind === 'tooManySessions' || kind === 'loginRefused' || code === 421 || code === 530 || isDropped;
}

/** Steps before the first word to the server: what goes wrong there cannot come of what is said, and how. */
const wordlessSteps: ReadonlySet<Step> = new Set<Step>(['resolve', 'connect', 'greeting']);

const brokenOff: ReadonlySet<FailureKind> = new Set<FailureKind>(['closed', 'protocol', 'tls', 'timeout']);

/**
 * Whether the failure to open a session may come of talking to the server in a way that it does not bear. Where the
 * password is left unanswered it may be a wrong one: only the client knows whether it may be said again, and has done so.
 */
export function mayComeOfTraits(error: unknown): boolean {
  if (!(error instanceof FtpsError) || error.step === 'login') return false;
  return brokenOff.has(error.kind) && !wordlessSteps.has(error.step);
}

const losses: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'closed',
  'protocol',
  'tls',
  'dataConnection',
  'truncated',
]);

/** The connection broke off; the server has refused nothing. Silence is none: whoever has waited once is told. */
export function isLoss(error: unknown): boolean {
  return error instanceof FtpsError && losses.has(error.kind);
}

/** Nothing came for as long as a time limit allows. */
export function isSilence(error: unknown): boolean {
  return error instanceof FtpsError && error.kind === 'timeout';
}

/** Throws the reason of an aborted signal as the error that callers know. */
export function throwIfCancelled(signal: AbortSignal | undefined, path: string): void {
  if (signal?.aborted) throw cancelled(path, signal.reason);
}

export function cancelled(path: string, cause?: unknown): RemoteError {
  return new RemoteError('cancelled', path, 'Cancelled.', { cause });
}

/** A name with line breaks or terminal codes must not rearrange the message that it stands in. */
function printable(path: string): string {
  return path.replaceAll(/\p{Cc}/gu, '\ufffd');
}
