import { type Profile, readProfile } from '../remote/profile.ts';
import type { WriteLevel } from './profileLevels.ts';

/** What the user has said so far about a connection that does not exist yet. */
export interface ConnectionDraft {
  readonly name: string;
  readonly host: string;
  readonly security: Profile['security'];
  readonly port: number;
  readonly user: string;
  /** Empty: asked when connecting. Never written to settings. */
  readonly password: string;
  readonly remotePath: string;
  readonly level: WriteLevel;
}

/** Of which the user has said nothing yet. */
export const emptyDraft: ConnectionDraft = {
  name: '',
  host: '',
  security: 'explicit',
  port: 21,
  user: '',
  password: '',
  remotePath: '/',
  level: { level: 'user' },
};

export function standardPort(security: Profile['security']): number {
  return security === 'implicit' ? 990 : 21;
}

/** The draft as it is written to settings: what is the default is left out. */
export function writtenForm(draft: ConnectionDraft): Record<string, string | number> {
  const { host, security, port, user, remotePath } = draft;
  return {
    host,
    ...(security === 'explicit' ? {} : { security }),
    ...(port === standardPort(security) ? {} : { port }),
    user,
    ...(remotePath === '/' ? {} : { remotePath }),
  };
}

/** What is wrong with one field, as the settings would say it. */
export function fieldProblem(field: 'host' | 'user' | 'name', value: string): string | undefined {
  const sample = { host: 'host', user: 'user', ...(field === 'name' ? {} : { [field]: value.trim() }) };
  const result = readProfile(field === 'name' ? value : 'name', sample);
  return result.ok ? undefined : result.problems[0];
}

export function portProblem(value: string): string | undefined {
  const port = Number(value);
  return /^\d+$/.test(value.trim()) && port >= 1 && port <= 65_535
    ? undefined
    : 'The port must be a whole number from 1 to 65535';
}

/** Takes what a pasted address says: `ftps://user@host:990/path`. A bare host is only that. */
export function readAddress(text: string): Partial<ConnectionDraft> & { readonly host: string } {
  const trimmed = text.trim();
  const match = /^(?:(ftpe?s|ftp):\/\/)?(?:([^@/:]+)(?::[^@/]*)?@)?([^/:@\s]+)(?::(\d{1,5}))?(\/.*)?$/i.exec(
    trimmed,
  );
  if (!match?.[3]) return { host: trimmed };
  const [, scheme, user, host, port, path] = match;
  const implicit = Number(port) === 990 || (scheme?.toLowerCase() === 'ftps' && port === undefined);
  const security = implicit ? 'implicit' : 'explicit';
  return {
    host,
    ...(scheme === undefined && port === undefined
      ? {}
      : { security, port: port === undefined ? standardPort(security) : Number(port) }),
    ...(user === undefined ? {} : { user: decoded(user) }),
    ...(path === undefined || path === '/' ? {} : { remotePath: decoded(path) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
