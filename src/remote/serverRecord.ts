import { newServerTraits, type ServerTraits } from '../client/serverTraits.ts';
import type { LearntLimit } from './sessionLimit.ts';

/** One trait, and when it was learnt, in milliseconds since the epoch. */
export interface LearntTrait {
  readonly value: unknown;
  readonly at: number;
}

/** What is known of a server, as far as it outlives the program. Nothing secret. */
export interface ServerRecord {
  /** By their names in `ServerTraits`; those that were never learnt are absent. */
  readonly traits: Readonly<Record<string, LearntTrait>>;
  readonly limit?: LearntLimit | undefined;
}

/** Which server and login a record is about, and under which options it was written. */
export interface RecordHead {
  readonly server: string;
  readonly options: string;
}

const version = 1;
const day = 86_400_000;

/** Servers are updated and networks change: what was learnt is learnt anew after a week. */
const longestLife = 7 * day;

/**
 * Milliseconds. The hours of a server's zone change twice a year; and what keeps blame from the client's haste has to be
 * proven in each run.
 */
const shorterLives: Readonly<Partial<Record<keyof ServerTraits, number>>> = {
  aheadProven: 0,
  timeOffset: day,
  timeOffsetIsAsked: day,
};

export function writeRecord(head: RecordHead, record: ServerRecord): string {
  return JSON.stringify({ version, ...head, ...record });
}

/** Takes what is certainly usable: known traits of fitting types, learnt not too long ago, and not in the future. */
export function readRecord(text: string, head: RecordHead, now: number): ServerRecord | undefined {
  const fields = parse(text);
  if (fields['version'] !== version) return undefined;
  if (fields['server'] !== head.server || fields['options'] !== head.options) return undefined;
  const kept = asFields(fields['traits']);
  const traits: Record<string, LearntTrait> = {};
  for (const [name, unlearnt] of Object.entries<unknown>({ ...newServerTraits() })) {
    const { value, at } = asFields(kept[name]);
    if (fits(value, unlearnt) && isYoung(at, now, lifeOf(name))) traits[name] = { value, at };
  }
  return { traits, limit: readLimit(fields['limit']) };
}

function readLimit(value: unknown): LearntLimit | undefined {
  const { sessions, at } = asFields(value);
  if (typeof sessions !== 'number' || !Number.isInteger(sessions) || sessions < 1) return undefined;
  return typeof at === 'number' ? { sessions, at } : undefined;
}

/** A trait that begins as undefined takes any plain value. */
function fits(value: unknown, unlearnt: unknown): boolean {
  const isPlain = ['boolean', 'string'].includes(typeof value) || Number.isFinite(value);
  return isPlain && (unlearnt === undefined || typeof value === typeof unlearnt);
}

function isYoung(at: unknown, now: number, life: number): at is number {
  return typeof at === 'number' && at <= now && now - at < life;
}

function lifeOf(name: string): number {
  return new Map(Object.entries(shorterLives)).get(name) ?? longestLife;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return asFields(JSON.parse(text));
  } catch {
    return {};
  }
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
