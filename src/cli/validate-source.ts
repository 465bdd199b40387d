import { appKeyOf, formatAppKey, formatRevisions, isOnlyReferred } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { AppReferences, SourceReference } from "#core/hub/index.ts";
import { normalisePath } from "#core/source/index.ts";
import { followDirectory } from "#engine/follow-directory.ts";
import { openSource, pathOf, resolveRevision } from "#engine/open-source.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { fetchersFor } from "./desired.ts";
import type { CliPorts } from "./ports.ts";

/** Asks each repository whether revision and path are there. Throws the `GIT_` or `CHART_` error, or APP_INVALID for the path. */
export async function validateSources(resolved: AppReferences, ports: CliPorts): Promise<void> {
  await using git = await ports.startGit();
  await using registry = await ports.startRegistry();
  const fetcherFor = fetchersFor(resolved, { git, registry });
  const access = { git, fetcherFor, maxAgeMs: 0, signal: ports.signal };
  const { sources } = resolved;
  for (const [i, reference] of sources.entries()) {
    const revision = await resolveRevision(reference, "", access);
    if (isOnlyReferred(reference.source)) continue;
    const field = sources.length > 1 ? `spec.sources[${i}].path` : "spec.source.path";
    const subject = `${formatAppKey(appKeyOf(resolved.app))}: ${field}`;
    await checkPath(reference, {
      subject,
      revision,
      tree: await openSource(reference, revision, access),
      ports,
    });
  }
}

interface Opened {
  /** How messages begin. */
  readonly subject: string;
  readonly revision: string;
  readonly tree: SourceTree;
  readonly ports: CliPorts;
}

async function checkPath(
  reference: SourceReference,
  { subject, revision, tree, ports: { signal } }: Opened,
): Promise<void> {
  const path = normalisePath(pathOf(reference));
  const entry = await tree.stat(await followDirectory(tree, path, signal), signal);
  if (entry?.type === "directory") return;
  const found = entry === undefined ? "does not exist" : `is a ${entry.type}, not a directory`;
  const near = await listNear(path, async (parent) => await tree.list(parent, signal));
  throw new MooringError(
    "APP_INVALID",
    `${subject} ${path} ${found} in ${reference.url} at ${formatRevisions([revision])}; ${near}`,
  );
}

type List = (
  path: string,
) => Promise<readonly { readonly name: string; readonly type: string }[] | undefined>;

/** What there is instead: the directories of the nearest directory above that exists. */
async function listNear(path: string, list: List): Promise<string> {
  const steps = path.split("/");
  while (steps.length > 0) {
    steps.pop();
    const parent = steps.join("/");
    const entries = await list(parent);
    if (entries === undefined) continue;
    const names = entries.filter((one) => one.type === "directory").map((one) => one.name);
    if (names.length === 0) break;
    const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
    return `${parent === "" ? "the repository" : parent} has ${names.slice(0, 10).join(", ")}${more}`;
  }
  return "correct it, or pass --path . for the repository's root";
}
