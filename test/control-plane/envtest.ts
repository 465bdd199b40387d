import { createHash } from "node:crypto";
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { parse } from "yaml";
import { cacheDirectory, isExecutable } from "./cache.ts";
import { type Program, programs, programVersion, type ResolveOptions } from "./programs.ts";
import { readTar } from "./tar.ts";

const defaultIndex =
  "https://raw.githubusercontent.com/kubernetes-sigs/controller-tools/HEAD/envtest-releases.yaml";
const indexTimeoutMs = 4_000;
const archiveTimeoutMs = 180_000;
const maxIndexBytes = 4 << 20;
const maxArchiveBytes = 256 << 20;
const maxUnpackedBytes = 1 << 30;

interface Archive {
  readonly version: string;
  readonly url: string;
  readonly sha512: string;
}

/**
 * The program out of an envtest archive of the same Kubernetes minor version, downloaded into the
 * cache at need. Undefined, with a line of progress, where there is none: a build can take its place.
 * `MOORING_ENVTEST_INDEX` names another index, `off` none.
 */
export async function envtestProgram(program: Program, options: ResolveOptions): Promise<string | undefined> {
  const index = process.env["MOORING_ENVTEST_INDEX"] ?? defaultIndex;
  if (!program.inEnvtest || index === "off") return undefined;
  const directory = envtestDirectory();
  const path = join(directory, program.name);
  if (await isExecutable(path)) return path;
  try {
    const archive = await findArchive(index, options.signal);
    options.progress(`downloading ${program.name} from ${archive.url}`);
    await unpack(await download(archive, options.signal), directory);
    return path;
  } catch (error) {
    options.signal?.throwIfAborted();
    options.progress(`${program.name}: no envtest download (${describe(error)})`);
    return undefined;
  }
}

/** The part of an envtest version that must agree with ours: `v1.37.2` gives `v1.37.`. */
function minorPrefix(): string {
  const [major, minor] = programVersion(programs["kube-apiserver"]).split(".");
  return `${major}.${minor}.`;
}

function envtestDirectory(): string {
  return join(cacheDirectory(), `envtest-${minorPrefix()}x-${process.platform}-${process.arch}`);
}

async function findArchive(index: string, signal: AbortSignal | undefined): Promise<Archive> {
  const bytes = await fetchBytes(index, { timeoutMs: indexTimeoutMs, maxBytes: maxIndexBytes, signal });
  const releases = recordOf(recordOf(parse(bytes.toString("utf8")))["releases"]);
  const version = Object.keys(releases)
    .filter((name) => name.startsWith(minorPrefix()))
    .toSorted((a, b) => patchOf(b) - patchOf(a))[0];
  if (version === undefined) throw new Error(`${index}: has no ${minorPrefix()}x`);
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const name = `envtest-${version}-${process.platform}-${architecture}.tar.gz`;
  const { hash, selfLink } = recordOf(recordOf(releases[version])[name]);
  if (typeof hash !== "string" || typeof selfLink !== "string") {
    throw new Error(`${index}: gives no link and digest of ${name}`);
  }
  return { version, url: selfLink, sha512: hash };
}

async function download(archive: Archive, signal: AbortSignal | undefined): Promise<Buffer> {
  const limits = { timeoutMs: archiveTimeoutMs, maxBytes: maxArchiveBytes, signal };
  const bytes = await fetchBytes(archive.url, limits);
  const digest = createHash("sha512").update(bytes).digest("hex");
  // The archive is run as a program: one that is not what the index promises must never be unpacked.
  if (digest !== archive.sha512) throw new Error(`${archive.url}: its digest is not the one in the index`);
  return promisify(gunzip)(bytes, { maxOutputLength: maxUnpackedBytes });
}

async function unpack(archive: Buffer, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const wanted = Object.values(programs).filter((program) => program.inEnvtest);
  const files = [...readTar(archive)];
  for (const { name } of wanted) {
    const file = files.find(({ path }) => basename(path) === name && basename(dirname(path)) === "envtest");
    if (file === undefined) throw new Error(`the envtest archive holds no ${name}`);
    const unfinished = join(directory, `${name}.unpacking-${process.pid}`);
    await writeFile(unfinished, file.content);
    await chmod(unfinished, 0o755);
    await rename(unfinished, join(directory, name));
  }
}

interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

async function fetchBytes(url: string, limits: FetchLimits): Promise<Buffer> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = limits.signal === undefined ? timeout : AbortSignal.any([limits.signal, timeout]);
  const response = await fetch(url, { signal });
  if (!response.ok || response.body === null) throw new Error(`${url}: answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limits.maxBytes) throw new Error(`${url}: is larger than ${limits.maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function patchOf(version: string): number {
  return Number.parseInt(version.slice(minorPrefix().length), 10);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
