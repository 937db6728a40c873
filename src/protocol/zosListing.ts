import type { Entry, EntryType } from './entry.ts';
import type { ListedLine } from './listingDialect.ts';
import { utcTime } from './timestamp.ts';
import { readJesListing } from './jesListing.ts';

/**
 * Reads a listing of z/OS: data sets, members of a partitioned data set, or jobs. Its first line says which. (Files
 * of z/OS UNIX are listed as on Unix.)
 * https://www.ibm.com/docs/en/zos/3.1.0?topic=subcommands-dir-subcommandobtain-list-directory-entries
 */
export function readZosListing(lines: readonly string[]): readonly ListedLine[] {
  const [heading = '', ...rest] = lines;
  if (/^Volume\s.{0,80}\sDsorg\s+Dsname\s*$/.test(heading))
    return rest.map((text) => listed(text, readDataSet));
  if (/^\s?Name\s{1,10}(?:VV\.MM|Size\s{1,10}TTR)\s/.test(heading)) {
    const members = rest.filter((text) => !/^\s?Name\s/.test(text));
    return members.map((text) => listed(text, /VV\.MM/.test(heading) ? readMember : readModule));
  }
  return readJesListing(lines);
}

function listed(text: string, read: (text: string) => Entry | undefined): ListedLine {
  return { text, entry: read(text) };
}

const dataSet = new RegExp(
  '^(?:\\S{1,6}\\s.{0,60})?\\s{1,60}' +
    '(?<organization>PS|PS-E|PO|PO-E|PSU|POU|DA|DAU|IS|ISU|VSAM|GDG|PATH|HFS|ZFS|NONE|\\?{1,4})\\s{1,10}' +
    "(?<name>[A-Z0-9@#$.-]{1,44}|'[A-Z0-9@#$.-]{1,44}')\\s*$",
);
/** These stand in place of the attributes: the data set is not at hand, or is no single one. */
const withoutAttributes = new RegExp(
  '^(?:(?<directory>Pseudo Directory)|Migrated|User catalog connector|\\S{1,6}\\s{1,6}(?:Not Direct Access Device|' +
    "Not Mounted|Error determining attributes))\\s{1,60}(?<name>[A-Z0-9@#$.-]{1,44}|'[A-Z0-9@#$.-]{1,44}')\\s*$",
);

/**
 * The size is in tracks and the date is that of the last use: both are left out. A name in quotes stays so, as the
 * server takes it for a whole name only with them.
 */
function readDataSet(text: string): Entry | undefined {
  const other = withoutAttributes.exec(text)?.groups;
  if (other !== undefined) {
    return { name: `${other['name']}`, type: other['directory'] === undefined ? 'unknown' : 'directory' };
  }
  const found = dataSet.exec(text)?.groups;
  if (found === undefined) return undefined;
  return { name: `${found['name']}`, type: dataSetType(`${found['organization']}`) };
}

/** A partitioned data set is the directory of its members. What FTP cannot transfer (VSAM and its like) is unknown. */
function dataSetType(organization: string): EntryType {
  if (organization.startsWith('PO')) return 'directory';
  return /^(?:PS|DA)/.test(organization) ? 'file' : 'unknown';
}

const memberForm = new RegExp(
  '^\\s?(?<name>[^\\s/]{1,8})(?:\\s{1,8}\\d\\d\\.\\d\\d\\s\\d{4}/\\d\\d/\\d\\d\\s' +
    '(?<year>\\d{4})/(?<month>\\d\\d)/(?<day>\\d\\d)\\s(?<hour>\\d\\d):(?<minute>\\d\\d)' +
    '(?:\\s{1,8}[\\d+]{1,7}){3}(?:\\s(?<owner>\\S{1,8}))?)?\\s*$',
);

/** A member of records, with statistics or without. Its size is in records, and so left out. */
function readMember(text: string): Entry | undefined {
  const found = memberForm.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { owner, year, month, day, hour, minute } = found;
  const modifiedAt = utcTime({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
  });
  return {
    name: `${found['name']}`,
    type: 'file',
    ...(modifiedAt !== undefined && { modifiedAt, modifiedPrecision: 'minute' }),
    ...(owner !== undefined && { owner }),
  };
}

/** A member of a load library. Its size is that of the program in storage, and so left out. */
function readModule(text: string): Entry | undefined {
  const name = /^\s?([^\s/]{1,8})\s{1,8}[0-9A-F]{6,8}\s{1,8}[0-9A-F]{6}\s/.exec(text)?.[1];
  return name === undefined ? undefined : { name, type: 'file' };
}
