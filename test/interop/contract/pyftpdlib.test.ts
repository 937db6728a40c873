import { describeForeignContract } from './foreignSubject.ts';

describeForeignContract('pyftpdlib');
