/**
 * What was learnt about a server by talking to it. One object may serve all sessions with one server under one login:
 * it spares each of them the same discovery. It holds nothing secret and no TLS session. C-58
 */
export interface ServerTraits {
  /** C-31: false once the server refused EPSV. */
  extendedPassive: boolean;
  /** True once no passive connection could be opened, and the server has opened an active one instead. */
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
  /** False once replies to commands that left together were lost or shifted: each then waits for the reply before it. */
  bearsFlights: boolean;
  /** True once USER was answered by 331 and PASS let in: both leave with the set-up then. False once that went amiss. */
  loginInOneFlight: boolean | undefined;
  /** What FEAT listed at the last login, its lines joined by line feeds. */
  features: string | undefined;
  /** Whether it reads the next command only when a transfer is over; undefined until the first one has told. */
  sequential: boolean | undefined;
  /** True once CWD and LIST that left together succeeded; false once the session was lost over them. */
  cwdWithList: boolean | undefined;
  /** False once it did not bear the ClientHello of a data connection in one flight with the transfer command. C-33 */
  clientHelloEarly: boolean;
  /** False once it did not bear a data connection that was opened before it was needed. */
  preparedBearable: boolean;
  /** The group of its key exchange, where one that is offered first saves a HelloRetryRequest. */
  keyExchangeGroup: 'P-256' | undefined;
  /** False once a data connection resumed no session, or TLS failed on it, that offered only what resumption takes. */
  leanResumption: boolean;
  /** False once it did not bear that this side ends the data connection before something small has come. */
  earlyEnd: boolean;
  /** True once a listing that was ended early was the same as one that was not. */
  earlyListings: boolean | undefined;
  /** Round trips that this has saved of late with listings, less what those have cost that were cut by it. */
  listingsSaved: number;
  /** True once a transfer succeeded that was ahead of the server's word: what goes amiss later is not blamed on that. */
  aheadProven: boolean;
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
    bearsFlights: true,
    loginInOneFlight: undefined,
    features: undefined,
    sequential: undefined,
    cwdWithList: undefined,
    clientHelloEarly: true,
    preparedBearable: true,
    keyExchangeGroup: undefined,
    leanResumption: true,
    earlyEnd: true,
    earlyListings: undefined,
    listingsSaved: 0,
    aheadProven: false,
    timeOffset: undefined,
    timeOffsetIsAsked: false,
  };
}
