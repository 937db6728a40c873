import type { ConnectOptions } from '../client/connectOptions.ts';
import type { FieldReader } from './profileFields.ts';

type DialogueField =
  | 'implicitProt'
  | 'implicitGreeting'
  | 'truncation'
  | 'passiveAddress'
  | 'passiveCommand'
  | 'pipelining'
  | 'preliminaryReply'
  | 'listing'
  | 'clearCommandChannelEnd'
  | 'dataMode'
  | 'activeAddress'
  | 'virtualHost'
  | 'clientName'
  | 'requireProtectedData'
  | 'allowClearCommandChannel'
  | 'encoding'
  | 'login';

/** How a connection talks with its server, as far as the user has a say in it; what is absent is left to the client. */
export type ProfileDialogue = Pick<ConnectOptions, DialogueField>;

type ChoiceField = Exclude<
  DialogueField,
  | 'login'
  | 'encoding'
  | 'activeAddress'
  | 'virtualHost'
  | 'clientName'
  | 'requireProtectedData'
  | 'allowClearCommandChannel'
>;

type Choices = { readonly [Field in ChoiceField]: readonly NonNullable<ConnectOptions[Field]>[] };

const choices: Choices = {
  implicitProt: ['assume', 'send'],
  implicitGreeting: ['inTls', 'beforeTls'],
  truncation: ['error', 'ignore'],
  passiveAddress: ['control', 'announced'],
  pipelining: ['auto', 'never'],
  passiveCommand: ['auto', 'EPSV', 'PASV'],
  preliminaryReply: ['auto', 'expected', 'ignored'],
  listing: ['auto', 'list', 'plainList'],
  clearCommandChannelEnd: ['closeNotify', 'none'],
  dataMode: ['passive', 'active', 'auto'],
};

const texts = ['activeAddress', 'virtualHost', 'clientName', 'encoding'] as const;
const flags = ['requireProtectedData', 'allowClearCommandChannel'] as const;

export const dialogueFields: readonly string[] = [...Object.keys(choices), ...texts, ...flags, 'login'];

export function readDialogue(fields: FieldReader): ProfileDialogue {
  const dialogue: Record<string, unknown> = {};
  for (const [name, allowed] of Object.entries(choices)) {
    dialogue[name] = fields.choice<string>(name, allowed);
  }
  for (const name of texts) dialogue[name] = fields.text(name) || undefined;
  for (const name of flags) dialogue[name] = fields.flag(name);
  if (fields.has('login')) dialogue['login'] = readLogin(fields.inner('login'));
  return withoutAbsent(dialogue);
}

function readLogin(fields: FieldReader): ProfileDialogue['login'] {
  fields.warnOfOthersThan(['beforeAuth', 'auth', 'authMechanism', 'protection', 'account']);
  const beforeAuth = fields.texts('beforeAuth');
  return withoutAbsent({
    beforeAuth: beforeAuth.length > 0 ? beforeAuth : undefined,
    auth: fields.choice('auth', ['beforeLogin', 'afterLogin']),
    authMechanism: fields.choice('authMechanism', ['auto', 'TLS', 'SSL']),
    protection: fields.choice('protection', ['beforeLogin', 'afterLogin', 'late', 'never']),
    account: fields.text('account') || undefined,
  });
}

function withoutAbsent(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
