import type { Guard } from '../../sync/reviewModel.ts';
import { counted, countedOf } from './counted.ts';

/** The two folders of a pair, as far as a question has to name them. */
export interface PairNames {
  readonly host: string;
  readonly remoteFolder: string;
  readonly localFolder: string;
}

/** Asks in words before many files of one side are deleted. */
export function guardText({ side, files, of }: Guard, pair: PairNames): string {
  const share = files === of ? `all ${counted(of, 'file')}` : countedOf(files, of, 'file');
  const place =
    side === 'remote' ? `on ${pair.host} in ${pair.remoteFolder}` : `on this computer in ${pair.localFolder}`;
  return `Delete ${share} ${place}?`;
}
