import { createPrivateKey } from 'node:crypto';

/** The same key, as PEM that takes a passphrase to read. */
export function encryptedKey(key: string, passphrase: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
  return createPrivateKey(key).export(options).toString();
}

const bundle =
  'MIID/AIBAzCCA7IGCSqGSIb3DQEHAaCCA6MEggOfMIIDmzCCAlIGCSqGSIb3DQEHBqCCAkMwggI/AgEAMIICOAYJKoZIhvcN' +
  'AQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi56dVafqi27gICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME' +
  'ASoEEKSEjIpifA59mvjPAPf15oaAggHQQ6HrCuooUPueqBt2kJw//fFvKill+ir2kRjeURJuSnyhOyUqGr6y8CcAlHIgL0JI' +
  'jPpQaJ3w7Lg3hVBo/1cjIQhVo4tcz0nPoNDr9M6ogHz/RQSDZkNq0wt6nWjQVT6/GhfISFuACUXlIrARfnjlv9iCZKiEDwya' +
  'xI3uSHmMnrnK4EmJRfvTRc1Q4T6ylfybp7fUHxXl6CG1Zcmk8w4lsZb5LHGxOYNuCUpFxqrnonoQ0hKnsjw8Ds3klJjNbRLU' +
  'D8b8qCHaTyLPEmPlCBhE0fns3IjmcfNu2w8dGChtI29UUUph45ejcZZ9eTnF0kz9xzA22k0prGOkcpzM4qarLM/FKnvge66n' +
  'KJsv2GVOvUxxs/zPHeiqe4wnnY3cvj/H18P0JkdCxGBSXo3EhytxNe2N9+e08FWechQ3SHex1hPKU+KY4HGJzqqbe9T8Ywp6' +
  'IdDr9OBp/vbxBUH0DJcz51u80IhB4NEH1LB/a3/uHXx68gUPJTHPo7uB7tEFWPf5NCcf/dQFHJER4iCdnrU2LE/Jltvb0MkQ' +
  'rJlhl9xT2B0gIZZJVUVEAM7WG2Qm3AN8/Jr5uURZFC1BEyNiQa2YkUfGtHT7+uNyDmHlE1G5OIEwggFBBgkqhkiG9w0BBwGg' +
  'ggEyBIIBLjCCASowggEmBgsqhkiG9w0BDAoBAqCB7zCB7DBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIMvaRSnXK' +
  'qkQCAggAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBBTe+I5IpDI9x1ktDr9mCA2BIGQc5qf/YSdNboo1jGoit87CBUF' +
  'IWRtGbqL3JKher3eVSkZt5gNfGrC/z1rDM4BK/fbYmghnqMvPOtTw37TcUUUQ9FGzJa4qGAfyjpTfVWME19b/pnYUnCBaZZ6' +
  'fsaVuJAVjxu3KGPh44215TBPosFHmVUQvS3iFK6o9A9lpRun9DcJ2VW5r7fzqSfg0QbL6WyoMSUwIwYJKoZIhvcNAQkVMRYE' +
  'FMIqcYvSMFoy4Voo2q153pd69KOZMEEwMTANBglghkgBZQMEAgEFAAQguUAXHaOAab4GRsH80xKEwhVKseVieRQWeNlp94da' +
  'cM4ECM5S6ufF6X/wAgIIAA==';

const certificate =
  'MIIBcjCCARmgAwIBAgIUDb/25EB/EA+GJVFrjJkhxIFdnjEwCgYIKoZIzj0EAwIwDjEMMAoGA1UEAwwDYWRhMCAXDTI2MTEy' +
  'MDExMzkxN1oYDzIxMjYxMDI3MTEzOTE3WjAOMQwwCgYDVQQDDANhZGEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ6NrCX' +
  'C86mx72FsUX8vtdeWop+PVC8nWkSgkHo6kmeAuo91S2c+KJ4qTfSa0SVtFqsP9qly+WPFMau0YIiccYBo1MwUTAdBgNVHQ4E' +
  'FgQUritYSZf49MOsvFYkMGX+NxcyRjswHwYDVR0jBBgwFoAUritYSZf49MOsvFYkMGX+NxcyRjswDwYDVR0TAQH/BAUwAwEB' +
  '/zAKBggqhkjOPQQDAgNHADBEAiBGMd2UkGdl76bmsrLcEuS0xbmh92VN79lEj3Z3kOglQgIgC6dHWEseF4I5WEqBIKvfvevP' +
  'R/w+1X96kqYmpWiB4vg=';

/** A certificate and its key in one bundle, which takes the passphrase "open sesame"; made for these tests alone. */
export const pkcs12 = {
  pfx: Buffer.from(bundle, 'base64'),
  cert: `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`,
};
