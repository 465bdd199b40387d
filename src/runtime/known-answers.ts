import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, jsonEqual } from "#core/object/index.ts";
import type { Log } from "./log.ts";
import { mapLimit } from "./limit.ts";

/** Fields of an answer that fits into a line: a commit, a version with its digest. */
type Answer = Readonly<Record<string, string>>;

/** `T` has no fields but texts. */
export interface KnownQuestion<T extends object> {
  /** 64 hex digits that name what is asked and as whom, and tell neither. */
  readonly name: string;
  readonly ask: () => Promise<T>;
  /** The last answer will do for this failure. */
  readonly excuses: (error: unknown) => boolean;
}

const nameForm = /^[0-9a-f]{64}$/;
const maxAnswerBytes = 4_096;

/**
 * What others last answered, on disk, so that a controller that is restarted while they cannot be reached still knows what it deployed.
 * Its loss costs nothing while they can: it may be deleted at any moment, and what cannot be read or written is only logged.
 */
export class KnownAnswers {
  readonly #directory: string;
  readonly #maxAnswers: number;
  readonly #log: Log;
  /** The least recently written first; undefined for one that was not read since the start. */
  readonly #answers: Map<string, Answer | undefined>;

  private constructor(
    directory: string,
    options: { readonly maxAnswers: number; readonly log: Log },
    names: readonly string[],
  ) {
    this.#directory = directory;
    this.#maxAnswers = options.maxAnswers;
    this.#log = options.log;
    this.#answers = new Map(names.map((name) => [name, undefined]));
  }

  /** Opens the directory, created when missing. */
  static async open(
    directory: string,
    options: { readonly maxAnswers: number; readonly log: Log },
  ): Promise<KnownAnswers> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const found = await mapLimit(await readdir(directory), 16, async (name) => {
      if (nameForm.test(name)) return { name, atMs: (await stat(join(directory, name))).mtimeMs };
      // Left by a process that ended while it wrote.
      await rm(join(directory, name), { force: true });
      return undefined;
    });
    const kept = found.filter((one) => one !== undefined).toSorted((a, b) => a.atMs - b.atMs);
    return new KnownAnswers(
      directory,
      options,
      kept.map(({ name }) => name),
    );
  }

  /** The answer, which is remembered; the last one where `excuses` lets it stand in. Rejects with what `ask` did otherwise. */
  async ask<T extends object>({ name, ask, excuses }: KnownQuestion<T>): Promise<T> {
    let answer: T;
    try {
      answer = await ask();
    } catch (error) {
      const known = excuses(error) ? await this.#read(name) : undefined;
      if (known === undefined) throw error;
      return known as unknown as T;
    }
    await this.#write(name, { ...answer } as unknown as Answer);
    return answer;
  }

  async #read(name: string): Promise<Answer | undefined> {
    if (!this.#answers.has(name)) return undefined;
    const known = this.#answers.get(name);
    if (known !== undefined) return known;
    try {
      const answer = parseAnswer(await readFile(join(this.#directory, name)));
      if (answer !== undefined) this.#answers.set(name, answer);
      return answer;
    } catch (error) {
      this.#warn("an answer that was kept cannot be read", error);
      return undefined;
    }
  }

  async #write(name: string, answer: Answer): Promise<void> {
    const known = await this.#read(name);
    if (known !== undefined && jsonEqual(known as JsonValue, answer as JsonValue)) return;
    const written = join(this.#directory, `${name}.${randomBytes(8).toString("hex")}`);
    try {
      await writeFile(written, JSON.stringify(answer), { mode: 0o600 });
      await rename(written, join(this.#directory, name));
      this.#answers.delete(name);
      this.#answers.set(name, answer);
      await this.#evict();
    } catch (error) {
      await rm(written, { force: true });
      this.#warn("an answer cannot be kept", error);
    }
  }

  async #evict(): Promise<void> {
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#maxAnswers) return;
      this.#answers.delete(oldest);
      await rm(join(this.#directory, oldest), { force: true });
    }
  }

  #warn(message: string, error: unknown): void {
    this.#log.warn(message, { directory: this.#directory, error: messageOf(error) });
  }
}

/** Undefined for what is none. */
function parseAnswer(content: Uint8Array): Answer | undefined {
  if (content.length > maxAnswerBytes) return undefined;
  const value = readJson(new TextDecoder().decode(content));
  if (value === undefined || !isJsonObject(value)) return undefined;
  return isAnswer(value) ? value : undefined;
}

function isAnswer(value: JsonObject): value is Readonly<Record<string, string>> {
  return Object.values(value).every((field) => typeof field === "string");
}

function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
