/**
 * What clients sent on the control connection, byte by byte (each character is one byte): curl 7.88.1, lftp 4.9.2 and
 * the ftplib of Python 3.11, run against a listener that answers every command. Bytes sent as urgent data are missing,
 * as they are where a socket does not read them inline.
 */
export const clients = {
  'curl, passive':
    'USER d\xc3\xa9mo@example.org\r\nPASS pass word"%\r\nPWD\r\nCWD two words\r\nEPSV\r\nTYPE I\r\nSIZE gr\xc3\xbc\xc3\x9fe.txt\r\nRETR gr\xc3\xbc\xc3\x9fe.txt\r\nQUIT\r\n',
  'curl, active EPRT on IPv4':
    'USER demo\r\nPASS x\r\nPWD\r\nCWD a\r\nEPRT |1|127.0.0.1|44601|\r\nTYPE A\r\nLIST\r\nQUIT\r\n',
  'curl, active PORT': 'USER demo\r\nPASS x\r\nPWD\r\nPORT 127,0,0,1,129,219\r\nTYPE A\r\nLIST\r\nQUIT\r\n',
  'curl, active EPRT on IPv6':
    'USER demo\r\nPASS x\r\nPWD\r\nEPRT |2|::1|46275|\r\nTYPE A\r\nLIST\r\nQUIT\r\n',
  'curl, upload resumed, quote':
    'USER demo\r\nPASS x\r\nPWD\r\nSITE CHMOD 644 a b.txt\r\nCWD up load\r\nEPSV\r\nTYPE I\r\nAPPE a b.txt\r\nRNFR a b\r\nRNTO \xc3\xbc\r\nQUIT\r\n',
  'lftp, passive':
    'FEAT\r\nCLNT lftp/4.9.2\r\nOPTS UTF8 ON\r\nUSER d\xc3\xa9mo\r\nPASS pass word"%\r\nPWD\r\nCWD /home/demo/two  words\r\nTYPE I\r\nSIZE a b.txt\r\nMDTM a b.txt\r\nPASV\r\nRETR a b.txt\r\n\xff\xf4\xffABOR\r\nSIZE gr\xc3\xbc\xc3\x9fe.txt\r\nPASV\r\nRETR gr\xc3\xbc\xc3\x9fe.txt\r\nQUIT\r\n',
  'lftp, active':
    'FEAT\r\nCLNT lftp/4.9.2\r\nOPTS UTF8 ON\r\nUSER d\xc3\xa9mo\r\nPASS pass word"%\r\nPWD\r\nPORT 127,0,0,1,142,181\r\nNLST a b\r\nTYPE I\r\nPORT 127,0,0,1,159,171\r\nSTOR \xc3\xbc "q".txt\r\nMFMT 20261120105159 \xc3\xbc "q".txt\r\nMKD neu\r\nRNFR a\r\nRNTO b c\r\nSITE CHMOD 644 b c\r\nQUIT\r\n',
  'lftp, active on IPv6':
    'FEAT\r\nCLNT lftp/4.9.2\r\nOPTS UTF8 ON\r\nUSER d\xc3\xa9mo\r\nPASS pass word"%\r\nPWD\r\nEPRT |2|::|60639|\r\nNLST\r\nQUIT\r\n',
  "Python's ftplib, passive":
    'USER d\xc3\xa9mo\r\nPASS pass word"%\r\nCWD two  words\r\nTYPE I\r\nPASV\r\nREST 3\r\nRETR gr\xc3\xbc\xc3\x9fe "q".txt\r\nOPTS MLST type;size;\r\nTYPE A\r\nPASV\r\nMLSD a b\r\nMKD  x\r\nRNFR a\r\nRNTO b c\r\nSIZE a b\r\nMFMT 20240102030405 a b\r\nQUIT\r\n',
  "Python's ftplib, active":
    'USER demo\r\nPASS x\r\nTYPE I\r\nPORT 127,0,0,1,129,185\r\nSTOR a b.txt\r\nTYPE A\r\nPORT 127,0,0,1,131,53\r\nLIST\r\nabor\r\nQUIT\r\n',
  "Python's ftplib, active on IPv6":
    'USER demo\r\nPASS x\r\nTYPE A\r\nEPRT |2|::1|38633|\r\nNLST x y\r\nQUIT\r\n',
  "Python's ftplib, abort": 'USER demo\r\nPASS x\r\nABOR\r',
} as const;
