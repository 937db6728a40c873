export const repository: string;
export function ensureChromium(): string;
export function ensureKeyringTools(): void;
