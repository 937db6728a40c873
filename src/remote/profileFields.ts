/** What reading one profile finds out on the way: problems make it invalid, warnings do not. */
export class Findings {
  readonly problems: string[] = [];
  readonly warnings: string[] = [];

  problem(text: string): undefined {
    this.problems.push(text);
    return undefined;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as it stands in settings.json, short enough for a message. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Whether a text holds a control character: none can be part of a command, a name or a header. */
export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Reads single fields and says in plain words what is wrong with those that cannot be used. */
export class FieldReader {
  readonly #fields: Fields;
  readonly #findings: Findings;
  readonly #prefix: string;

  constructor(fields: Fields, findings: Findings, prefix = '') {
    this.#fields = fields;
    this.#findings = findings;
    this.#prefix = prefix;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.#bad(name, `must be a text in quotes, not ${shown(value)}`);
    if (hasControlCharacter(value)) {
      return this.#bad(name, 'contains a line break or another control character');
    }
    return value;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    const chosen = choices.find((choice) => choice === value);
    const list = choices.map((choice) => `"${choice}"`).join(' or ');
    return chosen ?? this.#bad(name, `must be ${list}, not ${shown(value)}`);
  }

  wholeNumber(name: string, from: number, to: number): number | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) return value;
    return this.#bad(name, `must be a whole number from ${from} to ${to}, not ${shown(value)}`);
  }

  flag(name: string): boolean | undefined {
    const value = this.#fields[name];
    if (value === undefined || typeof value === 'boolean') return value;
    return this.#bad(name, `must be true or false, not ${shown(value)}`);
  }

  texts(name: string): readonly string[] {
    const value = this.#fields[name];
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.#bad(name, `must be a list of texts, not ${shown(value)}`);
    return [];
  }

  /** True or false, or a text, or several. */
  flagOrTexts(name: string): boolean | readonly string[] | undefined {
    const value = this.#fields[name];
    if (value === undefined || typeof value === 'boolean') return value;
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (texts.every((text) => typeof text === 'string')) return texts;
    return this.#bad(name, `must be true, false, or a list of texts, not ${shown(value)}`);
  }

  /** The fields of an object inside this one; an absent one is empty. */
  inner(name: string): FieldReader {
    const value = this.#fields[name];
    if (value !== undefined && !isFields(value)) this.#bad(name, `must be an object, not ${shown(value)}`);
    return new FieldReader(isFields(value) ? value : {}, this.#findings, `${this.#prefix}${name}.`);
  }

  warnOfOthersThan(known: readonly string[]): void {
    for (const name of Object.keys(this.#fields)) {
      if (!known.includes(name)) {
        this.#findings.warnings.push(
          `${this.#prefix}${name} is not a field that a connection has; it is ignored`,
        );
      }
    }
  }

  #bad(name: string, what: string): undefined {
    return this.#findings.problem(`${this.#prefix}${name} ${what}`);
  }
}
