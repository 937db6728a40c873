import { describeForeignContract } from './foreignSubject.ts';

describeForeignContract('proftpd', ['implicit']);
