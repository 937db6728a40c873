import { describe, expect, it } from 'vitest';
import { jobPlaces } from '../../src/editor/jobPlaces.ts';

function jobOf(remotePath: string, server = 'anna@ftp.example.com:21') {
  return { connection: 'site', server, localFile: '/home/anna/a', remotePath };
}

describe('the place of files that a question is about', () => {
  it('is the host, and the innermost folder that holds them all', () => {
    expect(jobPlaces([jobOf('/www/a.php')])).toBe('ftp.example.com in /www');
    expect(jobPlaces([jobOf('/www/css/a.css'), jobOf('/www/css-old/b.css')])).toBe('ftp.example.com in /www');
    expect(jobPlaces([jobOf('/www/a.php'), jobOf('/www/css/deep/a.css')])).toBe('ftp.example.com in /www');
    expect(jobPlaces([jobOf('/www/a.php'), jobOf('/logs/b.log')])).toBe('ftp.example.com in /');
  });

  it('is one for each server, without who is logged in there', () => {
    const jobs = [
      jobOf('/www/a.php', 'anna@example.com@ftp.example.com:2121'),
      jobOf('/www/b.php', 'bob@::1:990'),
      jobOf('/b.php', 'bob@::1:990'),
    ];
    expect(jobPlaces(jobs)).toBe('ftp.example.com in /www and ::1 in /');
  });
});
