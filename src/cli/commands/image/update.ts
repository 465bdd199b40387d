import { messageOf } from "#core/errors/index.ts";
import type { GitTarget, ImageAutomation } from "#core/images/index.ts";
import { parseAutomation } from "#core/images/index.ts";
import { unnamedIn } from "#engine/images/edit-files.ts";
import { sayByTemplate } from "#engine/images/commit-message.ts";
import { findImages } from "#engine/images/find-images.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { commitImages } from "../../images/commit-images.ts";
import { openRegistryAccess, registryFlags } from "../../images/registry-access.ts";
import { reportEdits } from "../../images/report-edits.ts";
import { accessFlags } from "../../images/repository-access.ts";
import { readManifest } from "../../read-manifest.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "image update",
  summary: "Write the newest images by policies to a repository, in one commit",
  details:
    "An ImageAutomation says which images, by which policies, and where. Each repository of a registry is asked once, and all that is new is one\ncommit. An image that cannot be found out about does not hold the others up; it ends the command with 20 after they were written.\nRegistries get the logins that docker login keeps, each for its host.",
  examples: [
    "mooring image update -f images.yaml",
    "mooring image update -f images.yaml --dry-run",
    "mooring image update -f images.yaml --username ci --signing-key ci.asc",
  ],
  args: noArgs,
  flags: {
    file: {
      type: "string",
      short: "f",
      value: "FILE",
      description: "File with one ImageAutomation; - for standard input",
    },
    ...accessFlags,
    ...registryFlags,
    "dry-run": { type: "boolean", description: "Print what would be written, and write nothing" },
    output: { type: "string", short: "o", choices: ["text", "json", "yaml"], description: "Output format" },
  },
  run: async ({ flags }, ports) => {
    if (flags.file === undefined)
      throw usageError("image update needs --file; write: mooring image update -f images.yaml");
    const [object, ...more] = await readManifest(flags.file, ports);
    if (object === undefined || more.length > 0)
      throw usageError(
        `file ${flags.file}: holds ${more.length + 1} objects; keep one ImageAutomation in it`,
      );
    const automation = parseAutomation(object);
    const git = gitOf(automation);
    const accessTo = await openRegistryAccess(flags, ports);
    await using registry = await ports.startRegistry();
    const { wanted, failures } = await findImages(automation.images, {
      registry,
      accessTo,
      signal: ports.signal,
    });
    const isDryRun = flags["dry-run"] === true;
    const { files, commit, proposed } = await commitImages(wanted, {
      target: {
        ...git,
        message:
          git.message === undefined
            ? undefined
            : (said, changed) => sayByTemplate(git.message ?? "", { automation, wanted: said, changed }),
      },
      given: flags,
      isDryRun,
      requireAll: false,
      ports,
    });
    reportEdits(files, { output: flags.output, commit, proposed, ports });
    const problems = [
      ...[...failures].map(([name, error]) => `image ${name}: ${messageOf(error)}`),
      ...unnamedIn(wanted, files).map(
        (what) => `${what}: no file of ${git.repoUrl} names it; check spec.git.paths`,
      ),
    ];
    for (const problem of problems) ports.stderr.write(`mooring: ${problem}\n`);
    return problems.length === 0 ? 0 : 20;
  },
});

/** What needs a cluster is not passed over. Throws CLI_USAGE. */
function gitOf({ name, target, registrySecret, isSuspended, images }: ImageAutomation): GitTarget {
  if (target.kind !== "git")
    throw usageError(
      `ImageAutomation ${name}: spec.applicationRef: is for the controller; apply it to its cluster, or write spec.git`,
    );
  const { signingKeySecret, proposal } = target.git;
  const needing = [
    ["registrySecretRef", registrySecret !== undefined, "log in with docker login"],
    ["suspend", isSuspended, "leave it out"],
    ["git.signingKeySecretRef", signingKeySecret !== undefined, "give --signing-key"],
    [
      "images[].verify.cosign.secretRef",
      images.some(({ verify }) => verify?.secret !== undefined),
      "write keys",
    ],
    ["git.proposal", proposal !== undefined, "give --propose, and spec.git.pushBranch"],
  ] as const;
  for (const [field, isThere, fix] of needing) {
    if (isThere)
      throw usageError(
        `ImageAutomation ${name}: spec.${field}: is for the controller, and this command does not follow it; take it out, and ${fix}`,
      );
  }
  return target.git;
}
