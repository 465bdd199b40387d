import { MooringError } from "#core/errors/index.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { normalisePath, refuseOtherTools } from "#engine/render-desired.ts";
import type { CliPorts } from "./ports.ts";
import { appKeyOf, formatAppKey } from "#core/app/index.ts";

/** Asks the repository whether revision and path are there. Throws the `GIT_` error, or APP_INVALID for the path. */
export async function validateSource(resolved: AppReferences, ports: CliPorts): Promise<void> {
  const { source, repository, app } = resolved;
  const { signal } = ports;
  const subject = formatAppKey(appKeyOf(app));
  await using git = await ports.startGit();
  const { commit } = await git.resolve(repository, source.targetRevision ?? "", { maxAgeMs: 0, signal });
  const tree = await git.open(repository, commit, signal);
  const path = normalisePath(source.path ?? "");
  const entry = await tree.stat(path, signal);
  if (entry?.type !== "directory") {
    const found = entry === undefined ? "does not exist" : `is a ${entry.type}, not a directory`;
    const near = await listNear(path, async (parent) => await tree.list(parent, signal));
    throw new MooringError(
      "APP_INVALID",
      `${subject}: spec.source.path ${path} ${found} in ${repository.url} at ${commit.slice(0, 7)}; ${near}`,
    );
  }
  if (source.directory !== undefined) return;
  await refuseOtherTools(tree, path, signal);
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
