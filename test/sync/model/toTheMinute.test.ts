import { anySync } from './anySync.ts';

anySync('list', 'that tells times to the minute, as LIST does');
