import type { Profile } from '../../remote/profile.ts';
import { normalisePath } from '../../remote/remotePath.ts';
import {
  type ConnectionDraft,
  fieldProblem,
  portProblem,
  readAddress,
  standardPort,
} from '../connectionDraft.ts';
import type { WriteLevel } from '../profileLevels.ts';
import { askChoice, askText, type StepResult } from './steps.ts';

export interface WizardOptions {
  readonly draft: ConnectionDraft;
  /** Where it can be kept; with a single place the user is not asked. */
  readonly levels: readonly WriteLevel[];
  readonly isTaken: (name: string) => boolean;
}

type Step = (draft: ConnectionDraft, place: Place) => Promise<StepResult<Partial<ConnectionDraft>>>;

interface Place {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** Asks for a connection step by step, back and forth. @returns undefined when the user gives up */
export async function askConnection(options: WizardOptions): Promise<ConnectionDraft | undefined> {
  const steps: Step[] = [
    askHost,
    askSecurity,
    askPort,
    askUser,
    askPassword,
    askRemotePath,
    (draft, place) => askConnectionName(draft, place, options.isTaken),
    ...(options.levels.length > 1 ? [askLevel(options.levels)] : []),
  ];
  let { draft } = options;
  let index = 0;
  for (;;) {
    const step = steps[index];
    if (!step) return draft;
    const result = await step(draft, {
      title: 'Add Connection',
      step: index + 1,
      totalSteps: steps.length,
    });
    if (result === 'cancelled') return undefined;
    if (result === 'back') {
      index--;
    } else {
      draft = { ...draft, ...result.answer };
      index++;
    }
  }
}

async function askHost(draft: ConnectionDraft, place: Place): Promise<StepResult<Partial<ConnectionDraft>>> {
  const result = await askText({
    ...place,
    prompt: 'Name or address of the server, or its whole address',
    placeholder: 'ftp.example.com',
    value: draft.host,
    problem: (value) => fieldProblem('host', readAddress(value).host),
  });
  return mapAnswer(result, (value) => {
    const address = readAddress(value);
    return address.host === draft.host ? address : { ...address, name: address.host.replaceAll(':', '-') };
  });
}

const securities: readonly {
  readonly label: string;
  readonly detail: string;
  readonly value: Profile['security'];
}[] = [
  {
    label: 'Explicit FTPS',
    detail: 'Encrypted before the password is sent, mostly on port 21. The usual one.',
    value: 'explicit',
  },
  {
    label: 'Implicit FTPS',
    detail: 'Encrypted from the first byte, mostly on port 990. Older servers and devices use it.',
    value: 'implicit',
  },
  {
    label: 'Plain FTP',
    detail: 'Nothing is encrypted: the password and all files can be read on the way.',
    value: 'none',
  },
];

async function askSecurity(
  draft: ConnectionDraft,
  place: Place,
): Promise<StepResult<Partial<ConnectionDraft>>> {
  const result = await askChoice({
    ...place,
    placeholder: 'How the connection is encrypted',
    items: securities,
    active: draft.security,
  });
  return mapAnswer(result, (security) => {
    const wasStandard = draft.port === standardPort(draft.security);
    return { security, ...(wasStandard ? { port: standardPort(security) } : {}) };
  });
}

async function askPort(draft: ConnectionDraft, place: Place): Promise<StepResult<Partial<ConnectionDraft>>> {
  const value = String(draft.port);
  const result = await askText({ ...place, prompt: 'Port of the server', value, problem: portProblem });
  return mapAnswer(result, (text) => ({ port: Number(text) }));
}

async function askUser(draft: ConnectionDraft, place: Place): Promise<StepResult<Partial<ConnectionDraft>>> {
  const result = await askText({
    ...place,
    prompt: `Name to log in with at ${draft.host}`,
    value: draft.user,
    problem: (value) => fieldProblem('user', value),
  });
  return mapAnswer(result, (user) => ({ user: user.trim() }));
}

async function askPassword(
  draft: ConnectionDraft,
  place: Place,
): Promise<StepResult<Partial<ConnectionDraft>>> {
  const result = await askText({
    ...place,
    prompt:
      "Kept in the keychain, or else in VS Code's secret storage; never in settings. Leave it empty to be asked when connecting.",
    value: draft.password,
    placeholder: 'Password',
    password: true,
    problem: () => undefined,
  });
  return mapAnswer(result, (password) => ({ password }));
}

async function askRemotePath(
  draft: ConnectionDraft,
  place: Place,
): Promise<StepResult<Partial<ConnectionDraft>>> {
  const result = await askText({
    ...place,
    prompt: 'Folder on the server that is shown as the root',
    value: draft.remotePath,
    problem: () => undefined,
  });
  return mapAnswer(result, (path) => ({ remotePath: normalisePath(path.trim()) }));
}

async function askConnectionName(
  draft: ConnectionDraft,
  place: Place,
  isTaken: (name: string) => boolean,
): Promise<StepResult<Partial<ConnectionDraft>>> {
  const result = await askText({
    ...place,
    prompt: 'Name of the connection',
    value: draft.name,
    problem: (value) => {
      const name = value.trim();
      return isTaken(name) ? `There already is a connection "${name}"` : fieldProblem('name', name);
    },
  });
  return mapAnswer(result, (name) => ({ name: name.trim() }));
}

function askLevel(levels: readonly WriteLevel[]): Step {
  return async (draft, place) => {
    const items = levels.map((level) =>
      level.level === 'user'
        ? { label: 'User Settings', detail: 'For you, in every window', value: level }
        : { label: 'Workspace Settings', detail: 'For this workspace, and whoever shares it', value: level },
    );
    const placeholder = 'Where the connection is kept (the password is not)';
    const result = await askChoice({ ...place, placeholder, items, active: draft.level });
    return mapAnswer(result, (level) => ({ level }));
  };
}

function mapAnswer<T, U>(result: StepResult<T>, map: (answer: T) => U): StepResult<U> {
  return typeof result === 'string' ? result : { answer: map(result.answer) };
}
