import { MooringError } from "#core/errors/index.ts";
import { importDocuments } from "../../backup/import-documents.ts";
import type { Imported } from "../../backup/import-documents.ts";
import { backupNamespaceFlags, readNamespaces } from "../../backup/namespaces.ts";
import { findExtra, formatExtra, pruneExtra } from "../../backup/prune.ts";
import { readBackup } from "../../backup/read-backup.ts";
import { defineCommand } from "../../command.ts";
import { adminFlags, openAdminHub } from "../../hub.ts";

export const command = defineCommand({
  name: "admin import",
  summary: "Bring a control plane to what a backup has",
  details:
    "Reads what mooring admin export and argocd admin export write; - is standard input. What is the same stays untouched, so that an import that was cut short is finished by running it again. A document that is wrong is named and stops nothing else; exit code 1 says that there were some. With --prune what the backup has not is deleted, after a question, only when the backup ends with the line by which mooring admin export says that it is whole, and never the ConfigMaps, argocd-secret, the project default, or what applications deployed.",
  examples: [
    "mooring admin import backup.yaml --dry-run",
    "mooring admin import - < backup.yaml",
    "mooring admin import backup.yaml --prune",
  ],
  args: { usage: "SOURCE", min: 1, max: 1 },
  flags: {
    ...adminFlags,
    "dry-run": { type: "boolean", description: "Say what would be done, with the fields that would change" },
    prune: { type: "boolean", description: "Delete what is not in the backup" },
    yes: { type: "boolean", short: "y", description: "Do not ask before pruning" },
    "prompts-enabled": { type: "boolean", description: "false is as good as --yes" },
    "allow-mass-prune": {
      type: "boolean",
      description: "Prune more than 3 objects and more than half of all, or more than 20 and a fifth",
    },
    "assume-complete": {
      type: "boolean",
      description: "Prune although the backup does not say that it is whole, as those of argocd",
    },
    "override-on-conflict": {
      type: "boolean",
      description: "Write over what somebody else changes at the same time",
    },
    "stop-operation": { type: "boolean", description: "Take off operations of applications" },
    "ignore-tracking": {
      type: "boolean",
      description: "Objects that an application here tracks stay marked as they are",
    },
    "skip-resources-with-label": {
      type: "strings",
      value: "KEY[=VALUE]",
      description: "Leave alone what has this label in the backup",
    },
    ...backupNamespaceFlags,
    verbose: { type: "boolean", description: "Name what is unchanged, too" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const [source = ""] = invocation.args;
    await using hub = await openAdminHub(invocation, ports);
    const place = await readNamespaces(flags, hub, ports.signal);
    const dryRun = flags["dry-run"] === true;
    const backup = readBackup(source, ports);
    const imported = await importDocuments(backup.documents, {
      hub,
      place,
      ports,
      signal: ports.signal,
      dryRun,
      verbose: flags.verbose === true,
      overrideOnConflict: flags["override-on-conflict"] === true,
      stopOperation: flags["stop-operation"] === true,
      ignoreTracking: flags["ignore-tracking"] === true,
      skipsLabel: labelRule(flags["skip-resources-with-label"]),
    });
    const { counts, keys } = imported;
    if (keys.size === 0 && counts.failed === 0 && counts.skipped === 0) throw emptyBackup(source);
    let { failed } = counts;
    if (flags.prune !== true) {
      const { extra } = await findExtra({ hub, place, ports, keys });
      for (const object of extra) ports.stdout.write(`${formatExtra(object)} needs pruning\n`);
    } else if (failed > 0) {
      ports.stderr.write(
        `error: ${failed} of the backup's objects could not be imported, so nothing is pruned; correct what is named above and import again\n`,
      );
    } else {
      const yes = flags.yes === true || flags["prompts-enabled"] === false;
      const allowMassPrune = flags["allow-mass-prune"] === true;
      const incompleteness =
        flags["assume-complete"] === true ? undefined : backup.incompleteness(place.scope);
      failed += await pruneExtra({ hub, place, ports, keys, dryRun, yes, allowMassPrune, incompleteness });
    }
    ports.stderr.write(`${formatCounts(imported)}${dryRun ? " (dry run)" : ""}\n`);
    return failed === 0 ? 0 : 1;
  },
});

function labelRule(given: readonly string[]): (labels: Readonly<Record<string, string>>) => boolean {
  const rules = given.flatMap((list) => list.split(",")).map((rule) => rule.trim().split("="));
  return (labels) =>
    rules.some(([key = "", ...value]) => {
      const found = labels[key];
      return found !== undefined && (value.length === 0 || found === value.join("="));
    });
}

function formatCounts({ counts }: Imported): string {
  const { create, update, unchanged, skipped, failed } = counts;
  return `${create} created, ${update} updated, ${unchanged} unchanged, ${skipped} skipped, ${failed} failed`;
}

function emptyBackup(source: string): MooringError {
  return new MooringError(
    "CONFIG_INVALID",
    `file ${source}: holds no object; name the file that export wrote`,
  );
}
