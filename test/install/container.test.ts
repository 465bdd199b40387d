import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { mooringVersion } from "#cli/commands/version.ts";

const run = promisify(execFile);
const root = path.join(import.meta.dirname, "../..");

/** What the image's builder leaves out of what it may have, as `.containerignore` says. */
const ignored = /\.test\.ts$|\/testdata$|\/web\/(?:dist|node_modules)$/u;

/** What the image's builder may have: the lines of `.containerignore` that begin with `!`. */
async function readAllowed(): Promise<readonly string[]> {
  const lines = (await readFile(path.join(root, ".containerignore"), "utf8")).split("\n");
  return lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
}

interface Stage {
  readonly name: string;
  readonly instructions: readonly (readonly [string, string])[];
}

/** The stages of the Containerfile, with lines that go on joined. */
async function readStages(): Promise<readonly Stage[]> {
  const text = await readFile(path.join(root, "Containerfile"), "utf8");
  const lines = text.replaceAll(/\\\n\s*/gu, "").split("\n");
  const stages: { name: string; instructions: (readonly [string, string])[] }[] = [];
  for (const line of lines.filter((one) => /^[A-Z]+ /u.test(one))) {
    const [instruction = "", ...rest] = line.split(" ");
    if (instruction === "FROM") stages.push({ name: rest[2] ?? "", instructions: [] });
    else stages.at(-1)?.instructions.push([instruction, rest.join(" ")]);
  }
  return stages;
}

/** Does in a directory what a stage does below `/app`, but for what it installs on the machine. */
async function build(
  { instructions }: Stage,
  app: string,
  built: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, rest] of instructions) {
    if (name === "COPY") await copy(rest, app, built);
    if (name === "RUN" && rest.startsWith("npm ")) await runNpm(rest.split(" && ")[0] ?? "", app);
  }
}

async function copy(rest: string, app: string, built: ReadonlyMap<string, string>): Promise<void> {
  const words = rest.split(" ");
  const from = words[0]?.startsWith("--from=") === true ? words.shift()?.slice("--from=".length) : undefined;
  const to = words.pop() ?? "";
  const allowed = await readAllowed();
  for (const file of words) {
    if (from === undefined) expect(allowed, ".containerignore lets through").toContain(file.split("/")[0]);
    const target =
      words.length > 1 || to.endsWith("/") ? path.join(app, to, path.basename(file)) : path.join(app, to);
    const source =
      from === undefined
        ? path.join(root, file)
        : path.join(built.get(from) ?? "", path.relative("/app", file));
    const filter = (each: string) => from !== undefined || !ignored.test(each);
    await cp(source, target, { recursive: true, filter });
  }
}

async function runNpm(line: string, cwd: string): Promise<void> {
  const [npm = "", ...flags] = line.split(" ");
  const more = flags[0] === "ci" ? ["--prefer-offline", "--no-audit"] : [];
  await run(npm, [...flags, ...more], { cwd, maxBuffer: 16 * 1024 * 1024 });
}

async function scratch(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-image-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

it(
  "the image holds all that the program needs, the web UI too, and nothing that only builds and tests need",
  { timeout: 480_000 },
  async () => {
    const stages = await readStages();
    const built = new Map<string, string>();
    for (const stage of stages) {
      const directory = await scratch();
      await build(stage, directory, built);
      built.set(stage.name, directory);
    }
    const app = built.get("") ?? "";
    const all = stages.find(({ name }) => name === "")?.instructions ?? [];
    expect((await readdir(app)).toSorted()).toEqual([
      "LICENSE",
      "node_modules",
      "package-lock.json",
      "package.json",
      "src",
      "web",
    ]);
    expect(await readdir(path.join(app, "web"))).toEqual(["dist"]);
    for (const unneeded of ["react", "vite", "@codemirror", "playwright-core", "@mooring"]) {
      await expect(access(path.join(app, "node_modules", unneeded)), `${unneeded}`).rejects.toThrow("ENOENT");
    }
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
    onTestFinished(async () => {
      up.kill("SIGTERM");
      await exited;
    });
    const said: string[] = [];
    for await (const line of createInterface(up.stderr)) {
      said.push(line);
      if (line.startsWith("Mooring is ready")) break;
    }
    expect(said.join("\n")).toContain("Mooring is ready");
    const address = /listens on (http:\S+)\.$/mu.exec(said.join("\n"))?.[1] ?? "";
    const page = await fetch(address, { headers: { accept: "text/html" } });
    expect(page.status).toBe(200);
    const script = /<script type="module"[^>]* src="(?<src>[^"]+)"/u.exec(await page.text())?.groups?.["src"];
    expect((await fetch(new URL(script ?? "", `${address}/`))).headers.get("content-type")).toBe(
      "text/javascript; charset=utf-8",
    );
  },
);
