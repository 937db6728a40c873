import { eplf } from './listings/eplf.ts';
import * as os400 from './listings/os400.ts';
import { split } from './listings/split.ts';
import * as vms from './listings/vms.ts';
import * as zos from './listings/zos.ts';
import { iisListing, mlsdListings, unixListings } from './realListings.ts';

/** Every listing that the tests know, of any dialect, line by line. */
export const allListings: readonly (readonly string[])[] = [
  ...Object.values(unixListings),
  iisListing,
  ...Object.values(mlsdListings),
  ...[...Object.values(zos), ...Object.values(vms), ...Object.values(os400), eplf].map(split),
];
