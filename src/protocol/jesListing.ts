import type { Entry } from './entry.ts';
import type { ListedLine } from './listingDialect.ts';

const jobLevel1 =
  /^\S{1,8}\s{1,10}(?<id>(?:JOB|STC|TSU|[JST]0)\d{5,7})\s{1,10}(?:INPUT|ACTIVE|OUTPUT)(?:\s{1,10}\d{1,6} Spool Files)?\s*$/i;
const jobLevel2 =
  /^\S{1,8}\s{1,10}(?<id>(?:JOB|STC|TSU|[JST]0)\d{5,7})\s{1,10}(?<owner>\S{1,8})\s{1,10}(?:INPUT|ACTIVE|OUTPUT|held)(?:\s.*)?$/is;
const spoolFile =
  /^\s{1,12}(?<number>\d{3,7})\s\S{1,8}\s{1,20}(?:\S{1,8}\s{1,12})?\S\s\S{1,8}\s{1,12}(?<count>\d{1,10})(?:\s.*)?$/s;
const details = /^\s{1,12}(?:STEPNAME|CPUTIME|ID\s+STEPNAME)\s|^\d{1,6} spool files?\s*$/i;

/**
 * Reads a listing of the job entry subsystem of z/OS (SITE FILETYPE=JES) at either interface level: jobs, each a file
 * named by its number, or the spool files of one job, named as RETR takes them ("JOB00054.2"). Only BYTE-COUNT is a
 * size in bytes; REC-COUNT is not.
 */
export function readJesListing(lines: readonly string[]): readonly ListedLine[] {
  const isLevel2 = /^JOBNAME\s{1,10}JOBID\s{1,10}OWNER\s/.test(`${lines[0]}`);
  const jobs: ListedLine[] = [];
  const spoolFiles: ListedLine[] = [];
  let job: string | undefined;
  let inBytes = false;
  for (const text of isLevel2 ? lines.slice(1) : lines) {
    if (/^No jobs found on /i.test(text) || (job !== undefined && details.test(text))) {
      inBytes ||= /\sBYTE-COUNT/.test(text);
    } else if (isLevel2 && /^-{8}\s*$/.test(text)) {
      // What follows are the details of the one job before, which is the listed directory itself.
      job = jobs.pop()?.entry?.name;
    } else if (job === undefined) jobs.push({ text, entry: readJob(text, isLevel2 ? jobLevel2 : jobLevel1) });
    else spoolFiles.push({ text, entry: readSpoolFile(text, job, inBytes) });
  }
  return [...jobs, ...spoolFiles];
}

function readJob(text: string, form: RegExp): Entry | undefined {
  const found = form.exec(text)?.groups;
  if (found === undefined) return undefined;
  const owner = found['owner'];
  return { name: `${found['id']}`, type: 'file', ...(owner !== undefined && { owner }) };
}

function readSpoolFile(text: string, job: string, inBytes: boolean): Entry | undefined {
  const found = spoolFile.exec(text)?.groups;
  if (found === undefined) return undefined;
  const name = `${job}.${Number(found['number'])}`;
  return { name, type: 'file', ...(inBytes && { size: Number(found['count']) }) };
}
