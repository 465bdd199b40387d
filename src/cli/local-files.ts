import type { Flags, FlagValues } from "./command.ts";
import type { CliPorts, LocalDirectory } from "./ports.ts";
import type { revisionFlags } from "./revision-flags.ts";
import { usageError } from "./usage-error.ts";

/** Files of this machine in place of those of the source. */
export const localFlags = {
  local: { type: "string", value: "PATH", description: "This directory in place of the source's" },
  "local-repo-root": {
    type: "string",
    value: "PATH",
    description: "What stands for the repository around --local; its Git work tree by default",
  },
} as const satisfies Flags;

type LocalValues = FlagValues<typeof localFlags & typeof revisionFlags>;

/** The directory that --local names; undefined without it. Throws CLI_USAGE when it is not there, or beside a revision. */
export async function findLocalFiles(
  { local, "local-repo-root": root, revision, revisions }: LocalValues,
  ports: CliPorts,
): Promise<LocalDirectory | undefined> {
  if (local === undefined) {
    if (root === undefined) return undefined;
    throw usageError("flag --local-repo-root: it goes with --local PATH");
  }
  if (revision !== undefined || revisions.length > 0)
    throw usageError(
      "flags --local and --revision: files of this machine have no revision; give one of them",
    );
  const found = await ports.findDirectory(local, root);
  if (found !== undefined) return found;
  const where = root === undefined ? "" : ` below --local-repo-root ${root}`;
  throw usageError(`flag --local: there is no directory ${local}${where}`);
}
