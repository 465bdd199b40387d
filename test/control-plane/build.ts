import { spawn } from "node:child_process";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { holdBuildLock } from "./build-lock.ts";
import { builtPath, isExecutable } from "./cache.ts";
import { requireGo } from "./go-toolchain.ts";
import {
  buildArguments,
  buildEnvironment,
  type Program,
  type Progress,
  programVersion,
  type ResolveOptions,
} from "./programs.ts";

const noticeIntervalMs = 30_000;

/** Builds a program from its Go modules into the cache and returns its path. Throws when Go cannot. */
export async function buildProgram(program: Program, options: ResolveOptions): Promise<string> {
  const path = builtPath(program);
  await mkdir(dirname(path), { recursive: true });
  using _lock = await holdBuildLock(options, program.area);
  if (await isExecutable(path)) return path;
  await requireGo(program);
  await removeAbandoned(path);
  const title = `${program.name} ${programVersion(program)}`;
  options.progress(`building ${title} from Go modules, about ${program.buildTime}, once`);
  const startedAt = performance.now();
  await goBuild({ program, title, path: `${path}.building-${process.pid}` }, options);
  // A rename, so that a reader never sees half a program.
  await rename(`${path}.building-${process.pid}`, path);
  options.progress(`built ${title} in ${formatDuration(performance.now() - startedAt)}`);
  return path;
}

interface GoBuild {
  readonly program: Program;
  readonly title: string;
  readonly path: string;
}

async function goBuild(build: GoBuild, { progress, signal }: ResolveOptions): Promise<void> {
  const [verb, ...rest] = buildArguments(build.program);
  const child = spawn("go", [verb, "-o", build.path, ...rest], {
    cwd: build.program.module,
    env: { ...process.env, ...buildEnvironment(build.program) },
    stdio: ["ignore", "ignore", "pipe"],
    ...(signal === undefined ? {} : { signal }),
  });
  const stop = () => child.kill();
  process.once("exit", stop);
  const stopNotices = announce(build.title, progress);
  try {
    const [code, errors] = await Promise.all([exitCode(child), lastLines(child.stderr)]);
    if (code !== 0) {
      throw new Error(`${build.title}: go build ended with ${code} in ${build.program.module}:\n${errors}`);
    }
  } finally {
    stopNotices();
    process.off("exit", stop);
  }
}

function exitCode(child: ReturnType<typeof spawn>): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? "no exit code"));
  });
}

async function lastLines(stream: NodeJS.ReadableStream): Promise<string> {
  let tail = "";
  for await (const chunk of stream) tail = (tail + String(chunk)).slice(-4000);
  return tail.trim();
}

function announce(title: string, progress: Progress): () => void {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    progress(`still building ${title} (${formatDuration(performance.now() - startedAt)})`);
  }, noticeIntervalMs);
  return () => clearInterval(timer);
}

// What a killed build left; the lock is held, so no other build is writing here.
async function removeAbandoned(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(`${basename(path)}.building-`)) await rm(join(dirname(path), name), { force: true });
  }
}

function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
