import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { mooringVersion } from "#cli/commands/version.ts";

const run = promisify(execFile);
const root = path.join(import.meta.dirname, "../..");

/** The instructions of the Containerfile, with lines that go on joined. */
async function instructions(): Promise<readonly (readonly [string, string])[]> {
  const text = await readFile(path.join(root, "Containerfile"), "utf8");
  const lines = text.replaceAll(/\\\n\s*/gu, "").split("\n");
  return lines
    .filter((line) => /^[A-Z]+ /u.test(line))
    .map((line) => {
      const [name = "", ...rest] = line.split(" ");
      return [name, rest.join(" ")] as const;
    });
}

it(
  "the image holds all that the program needs, and nothing that only tests need",
  { timeout: 240_000 },
  async () => {
    const app = await mkdtemp(path.join(tmpdir(), "mooring-image-"));
    onTestFinished(() => rm(app, { recursive: true, force: true }));
    const all = await instructions();
    for (const [name, rest] of all) {
      if (name !== "COPY") continue;
      const files = rest.split(" ");
      const to = files.pop() ?? "";
      for (const file of files) {
        const target = files.length > 1 || to.endsWith("/") ? path.join(app, to, file) : path.join(app, to);
        await cp(path.join(root, file), target, {
          recursive: true,
          filter: (source) => !/\.test\.ts$|\/testdata$/u.test(source),
        });
      }
    }
    const installs = all
      .find(([name, rest]) => name === "RUN" && rest.startsWith("npm ci"))?.[1]
      .split(" && ")[0];
    const [npm = "", ...flags] = (installs ?? "").split(" ");
    await run(npm, [...flags, "--prefer-offline", "--no-audit"], { cwd: app, maxBuffer: 16 * 1024 * 1024 });
    const entry = JSON.parse(all.find(([name]) => name === "ENTRYPOINT")?.[1] ?? "[]") as readonly string[];
    const program = path.join(app, path.relative("/app", entry.at(-1) ?? ""));
    const { stdout } = await run(process.execPath, [program, "version", "--client", "--short"]);
    expect(stdout).toContain(mooringVersion);
    const { KUBECONFIG: _own, ...env } = process.env;
    const up = spawn(process.execPath, [program, "up", "--insecure", "--port", "0"], {
      env: { ...env, HOME: app, XDG_CACHE_HOME: path.join(app, "cache") },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const exited = once(up, "exit");
    const said: string[] = [];
    for await (const line of createInterface(up.stderr)) {
      said.push(line);
      if (line.startsWith("Mooring is ready")) break;
    }
    up.kill("SIGTERM");
    await exited;
    expect(said.join("\n")).toContain("Mooring is ready");
  },
);
