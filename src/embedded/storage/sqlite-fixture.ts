import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** Gone when the test is over. */
export function createDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "mooring-storage-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A program that has the store of a directory as `store`, or says that it is refused. */
export class StoreProcess {
  readonly lines: string[] = [];
  readonly #child;
  readonly #ended: Promise<unknown>;
  #onLine: () => void = () => undefined;

  constructor(directory: string, body: string, shell = 'exec "$@"') {
    const program = `
      import { writeSync } from "node:fs";
      import { openSqliteStore } from ${JSON.stringify(new URL("./sqlite-store.ts", import.meta.url).href)};
      const print = (line) => writeSync(1, line + "\\n");
      let store;
      try {
        store = openSqliteStore({ directory: process.argv[1] });
      } catch (error) {
        print("refused: " + error.message);
        process.exit(1);
      }
      ${body}`;
    const node = [process.execPath, "--input-type=module", "--eval", program, directory];
    this.#child = spawn("sh", ["-c", shell, "sh", ...node], { stdio: ["pipe", "pipe", "inherit"] });
    const output = createInterface(this.#child.stdout);
    output.on("line", (line) => {
      this.lines.push(line);
      this.#onLine();
    });
    this.#ended = Promise.all([once(output, "close"), once(this.#child, "exit")]);
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** Resolves when it has printed so many lines. */
  async printed(count: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#onLine = () => this.lines.length >= count && resolve();
    this.#onLine();
    const early = (): void => reject(new Error(`ended after ${this.lines.length} lines`));
    await Promise.race([promise, this.#ended.then(early)]);
  }

  async ended(): Promise<void> {
    await this.#ended;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}
