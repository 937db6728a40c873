/**
 * What was learnt about a server by talking to it. One object may serve all sessions with one server under one login:
 * it spares each of them the same discovery. It holds nothing secret and no TLS session. C-58
 */
export interface ServerTraits {
  /** C-31: false once the server refused EPSV. */
  extendedPassive: boolean;
  /** True once no passive connection could be opened, and active ones were allowed. */
  active: boolean;
  /** False once the server answered a transfer command only after the TLS handshake. C-33 */
  preliminaryFirst: boolean;
  /** False once `LIST -a` was refused, or hid what plain LIST shows. */
  dotFiles: boolean;
  /** Set once it refused data connections that did not resume a session of TLS 1.3. */
  boundToTls12: boolean;
  /** True once a transfer succeeded on a data connection that did not resume the session. */
  bearsUnresumed: boolean;
  /** Set once it disliked a command or connection ahead of its need: from then on it gets one at a time. */
  stepByStep: boolean;
  /** Milliseconds by which the times of LIST are ahead of UTC; undefined where MDTM and LIST were not comparable. */
  timeOffset: number | undefined;
  /** Whether they were compared. */
  timeOffsetIsAsked: boolean;
}

export function newServerTraits(): ServerTraits {
  return {
    extendedPassive: true,
    active: false,
    preliminaryFirst: true,
    dotFiles: true,
    boundToTls12: false,
    bearsUnresumed: false,
    stepByStep: false,
    timeOffset: undefined,
    timeOffsetIsAsked: false,
  };
}
