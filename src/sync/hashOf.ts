import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The hash of a local file, hexadecimal. */
export async function hashOf(file: string, algorithm = 'sha256'): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
