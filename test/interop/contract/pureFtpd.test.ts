import { describeForeignContract } from './foreignSubject.ts';

describeForeignContract('pure-ftpd');
