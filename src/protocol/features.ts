import { upperCase } from './letterCase.ts';
import type { Reply } from './reply.ts';

/** What a server says it can do. RFC 2389 §3, and what servers make of it. */
export class Features {
  /** No features: the server knows no FEAT, or does not answer it yet. */
  static readonly none = new Features(new Map());

  readonly #features: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(features: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#features = features;
  }

  /** Reads the answer to FEAT; anything but a 211 (500, 502, 530 before login) means none. */
  static parse(reply: Reply): Features {
    if (reply.code !== 211 || reply.lines.length < 3) return Features.none;
    const features = new Map<string, Set<string>>();
    for (const line of reply.lines.slice(1, -1)) {
      // C-48: the name may stand behind any blanks or another "211-"; ";" and "." may trail.
      const [name, ...parameters] = upperCase(line.replace(/^211[- ]/, ''))
        .replace(/\.\s*$/, '')
        .split(/[\s;,]+/)
        .filter((piece) => piece !== '');
      if (name === undefined) continue;
      // C-48: a feature told on several lines is all of them together.
      const known = features.get(name) ?? new Set();
      for (const parameter of parameters) known.add(parameter);
      features.set(name, known);
    }
    return new Features(features);
  }

  /** In upper case, in the server's order. */
  get names(): readonly string[] {
    return [...this.#features.keys()];
  }

  has(name: string): boolean {
    return this.#features.has(upperCase(name));
  }

  /** The pieces behind the name, in upper case: of AUTH, ["TLS", "SSL"]. */
  parameters(name: string): readonly string[] {
    return [...(this.#features.get(upperCase(name)) ?? [])];
  }

  /** The facts of MLST, in lower case: all that are offered, or those sent without OPTS MLST. RFC 3659 §7.8 */
  mlstFacts(which: 'offered' | 'enabled' = 'offered'): readonly string[] {
    return this.parameters('MLST')
      .filter((fact) => which === 'offered' || fact.endsWith('*'))
      .map((fact) => fact.replace(/\*$/, '').toLowerCase());
  }
}

/** The lines of the 211 which names these features. S-6: one leading space each. */
export function formatFeatures(lines: readonly string[]): readonly string[] {
  return ['Features:', ...lines.map((line) => ` ${line}`), 'End'];
}
