import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTemporaryName } from '../../../src/remote/temporaryName.ts';
import { createAuthority, createLeaf } from '../../../src/server/certificate.ts';
import { FtpsServer } from '../../../src/server/ftpsServer.ts';

const child = fileURLToPath(new URL('./syncChild.ts', import.meta.url));
const kills = Number(process.env['FTPS_SYNC_KILLS'] ?? '20');
const fileCount = 300;
/** About as many commands as a sync of all files takes. */
const mostCommands = 6 * fileCount;

/** Content that says itself how long it has to be. */
function content(path: string, edition: number): string {
  return `${path} ${edition} `.repeat(20 + (path.length % 7) * 30);
}

const pathOf = (index: number): string => `d${index % 10}/f${index}.txt`;

/** Two folders, a server before one of them, and processes that bring both into step. */
class Workshop {
  readonly #base: string;
  readonly #server: FtpsServer;
  readonly #ca: string;
  #commands = 0;
  #onCommand: () => void = () => {};
  /** The editions that each path may have. */
  readonly #editions = new Map<string, number[]>();
  #edition = 0;

  private constructor(base: string, server: FtpsServer, ca: string) {
    this.#base = base;
    this.#server = server;
    this.#ca = ca;
  }

  static async open(): Promise<Workshop> {
    const base = await mkdtemp(join(tmpdir(), 'ftps-killed-'));
    for (const side of ['local', 'remote']) await mkdir(join(base, side));
    const authority = await createAuthority();
    let workshop: Workshop | undefined;
    const server = await FtpsServer.listen({
      root: join(base, 'remote'),
      users: { anna: 'secret' },
      security: 'explicit',
      certificate: await createLeaf(authority, { names: ['localhost'] }),
      log: () => workshop?.heard(),
    });
    workshop = new Workshop(base, server, authority.cert);
    return workshop;
  }

  heard(): void {
    this.#commands += 1;
    this.#onCommand();
  }

  /** Changes every file on one side or the other, half of them here and half there. */
  async editAll(): Promise<void> {
    this.#edition += 1;
    for (let index = 0; index < fileCount; index++) {
      const path = pathOf(index);
      const side = (index + this.#edition) % 2 === 0 ? 'local' : 'remote';
      this.#editions.set(path, [this.#edition - 1, this.#edition]);
      await mkdir(dirname(join(this.#base, side, path)), { recursive: true });
      await writeFile(join(this.#base, side, path), content(path, this.#edition));
    }
  }

  /** @param after how many lines of the server's log the process lives; undefined: to its end */
  async sync(after?: number): Promise<string> {
    const { host, port } = this.#server;
    const args = [
      child,
      host,
      String(port),
      this.#ca,
      join(this.#base, 'local'),
      join(this.#base, 'storage'),
    ];
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#commands = 0;
    this.#onCommand = () => {
      if (after !== undefined && this.#commands >= after) running.kill('SIGKILL');
    };
    return await text(running.stdout);
  }

  /** Every file on both sides is one edition of it, whole. */
  async expectWhole(): Promise<void> {
    for (const side of ['local', 'remote']) {
      const folder = join(this.#base, side);
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || isTemporaryName(entry.name)) continue;
        const file = join(entry.parentPath, entry.name);
        const path = file.slice(folder.length + 1);
        const editions = this.#editions.get(path) ?? [];
        expect(editions.map((edition) => content(path, edition))).toContain(await readFile(file, 'utf8'));
      }
    }
  }

  async expectInStep(): Promise<void> {
    const local = await readdir(join(this.#base, 'local'), { recursive: true });
    expect(local.filter((path) => isTemporaryName(basename(path)))).toEqual([]);
    for (let index = 0; index < fileCount; index++) {
      const path = pathOf(index);
      for (const side of ['local', 'remote']) {
        expect(await readFile(join(this.#base, side, path), 'utf8')).toBe(content(path, this.#edition));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    await rm(this.#base, { recursive: true, force: true });
  }
}

describe('a sync whose process is killed', { timeout: 60_000 + kills * 10_000 }, () => {
  it('leaves no half of a file on either side, and the next one finishes the rest', async () => {
    await using workshop = await Workshop.open();
    const moments = fc.sample(fc.integer({ min: 1, max: mostCommands }), kills);
    for (const [index, moment] of moments.entries()) {
      if (index % 5 === 0) await workshop.editAll();
      await workshop.sync(moment);
      await workshop.expectWhole();
      if (index % 5 !== 4) continue;
      expect(JSON.parse(await workshop.sync())).toMatchObject({ failures: [] });
      await workshop.expectInStep();
      expect(JSON.parse(await workshop.sync())).toEqual({ steps: [], failures: [] });
    }
  });
});
