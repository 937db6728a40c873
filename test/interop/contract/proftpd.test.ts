import { describeForeignContract } from './foreignSubject.ts';

// Two files, which run side by side: ProFTPD hears nobody for 400 ms after the end of any session.
describeForeignContract('proftpd', ['explicit']);
