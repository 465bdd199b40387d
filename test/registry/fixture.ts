import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { isMooringError } from "#core/errors/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import type { Registry } from "#ports/registry.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { RegistryOptions } from "#registry/index.ts";
import { startRegistry } from "#registry/index.ts";
import { systemClock } from "#runtime/clock.ts";

export const signal: AbortSignal = new AbortController().signal;

/** Asks now. */
export const now = { maxAgeMs: 0, signal };

/** A directory that is deleted when the test ends. */
export async function createDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-registry-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}

export function disposeLater<T extends AsyncDisposable>(resource: T): T {
  onTestFinished(async () => await resource[Symbol.asyncDispose]());
  return resource;
}

export async function startTestRegistry(options: Partial<RegistryOptions> = {}): Promise<Registry> {
  const directory = options.directory ?? (await createDirectory());
  const environment = {};
  return disposeLater(
    await startRegistry({ clock: systemClock, signal, environment, ...options, directory }),
  );
}

export function helm(url: string, more: Partial<RegistryAccess> = {}): RegistryAccess {
  return {
    kind: "helm",
    url,
    credentials: { kind: "none" },
    insecureSkipVerify: false,
    passCredentials: false,
    forceHttp: false,
    mayBeInternal: true,
    ...more,
  };
}

/** A registry that is spoken to over plain HTTP. */
export function oci(url: string, more: Partial<RegistryAccess> = {}): RegistryAccess {
  return helm(`oci://${url}`, { kind: "oci", forceHttp: true, ...more });
}

/** Every file of a tree with its text, links as their target. */
export async function textsOf(tree: SourceTree, path = ""): Promise<Readonly<Record<string, string>>> {
  const texts: Record<string, string> = {};
  for (const entry of (await tree.list(path, signal)) ?? []) {
    const at = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.type === "directory") Object.assign(texts, await textsOf(tree, at));
    else texts[at] = Buffer.from(await tree.read(at, { maxBytes: 1e9, signal })).toString();
  }
  return texts;
}

/** Resolves and opens a chart: `version`, and the text of one file. */
export async function fetchChart(
  registry: Registry,
  access: RegistryAccess,
  chart: { readonly name: string; readonly version: string },
): Promise<Readonly<Record<string, string>>> {
  const resolved = await registry.resolveChart(access, chart, now);
  const tree = await registry.openChart(access, resolved, signal);
  return { version: resolved.version, ...(await textsOf(tree)) };
}

/** The code and message with which something fails; ports differ from run to run and become names. */
export async function failureOf(
  work: Promise<unknown>,
  places: Readonly<Record<string, string | number>> = {},
): Promise<string> {
  const replaced = (text: string) =>
    Object.entries(places).reduce((line, [name, place]) => line.replaceAll(String(place), name), text);
  try {
    return replaced(`succeeded with ${JSON.stringify(await work)}`);
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return replaced(`${isMooringError(error) ? error.code : error.name}: ${error.message}`);
  }
}
