import { describeForeignContract } from './foreignSubject.ts';

describeForeignContract('vsftpd');
