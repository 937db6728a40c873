export const repository: string;
export function ensureChromium(): string;
export function ensureKeyringTools(): void;
export function ensureCodeServer(): Promise<unknown>;
