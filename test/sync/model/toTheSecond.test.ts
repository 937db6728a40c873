import { anySync } from './anySync.ts';

anySync('facts', 'that tells times to the second');
