import { defineCommand } from "../../command.ts";
import { commitImages, repositoryFlags, requireRepository, targetOf } from "../../images/commit-images.ts";
import { editFiles, requireNamed } from "#engine/images/edit-files.ts";
import { findLocalYaml } from "../../images/find-yaml.ts";
import { parseWanted } from "../../images/parse-wanted.ts";
import { reportEdits } from "../../images/report-edits.ts";

export const command = defineCommand({
  name: "image set",
  summary: "Write images into manifests, values and kustomizations",
  details:
    "Every place that names the image gets the new tag or digest: image of containers and of values, repository with tag or digest beside it,\nimages of kustomizations and of Applications, and scalars with a marker of Flux ($imagepolicy) or Fleet ($imagescan). All else stays as\nit is, byte for byte. Nothing is written when one of the files cannot be edited, and it is an error when no place names an image.\nWith --repo the files are those of a branch, and the change is one commit, made without a checkout; what others push meanwhile stays.",
  examples: [
    "mooring image set ghcr.io/acme/web:v2 --in overlays/prod",
    "mooring image set web=ghcr.io/acme/web:v2@sha256:…",
    "mooring image set --policy flux-system:web=ghcr.io/acme/web:v2 --dry-run",
    "mooring image set ghcr.io/acme/web:v2 --repo https://git.example.com/shop.git --in overlays/dev",
  ],
  args: { usage: "[[OLDNAME=]IMAGE...]", min: 0, max: Number.POSITIVE_INFINITY },
  flags: {
    in: {
      type: "strings",
      value: "PATH",
      description:
        "Files, and directories with all below them; the current directory, or all of --repo, by default",
    },
    policy: {
      type: "strings",
      value: "POLICY=IMAGE",
      description: "Image for the markers that name a policy, such as flux-system:web=ghcr.io/acme/web:v2",
    },
    ...repositoryFlags,
    "dry-run": { type: "boolean", description: "Print what would be written, and write nothing" },
    output: { type: "string", short: "o", choices: ["text", "json", "yaml"], description: "Output format" },
  },
  run: async ({ args, flags }, ports) => {
    const wanted = parseWanted(args, flags.policy);
    requireRepository(flags);
    const { output } = flags;
    const isDryRun = flags["dry-run"] === true;
    const paths = flags.in.length === 0 ? ["."] : flags.in;
    if (flags.repo !== undefined) {
      const target = targetOf(paths, flags);
      const { files, commit, proposed } = await commitImages(wanted, {
        target,
        given: flags,
        isDryRun,
        requireAll: true,
        ports,
      });
      reportEdits(files, { output, commit, proposed, ports });
      return 0;
    }
    const files = await editFiles(
      paths.map((path) => findLocalYaml(path, ports)),
      wanted,
    );
    requireNamed(wanted, files);
    if (!isDryRun) {
      const changed = files.filter(({ edits }) => edits.length > 0);
      await ports.replaceFiles(new Map(changed.map(({ path, text }) => [path, text])));
    }
    reportEdits(files, { output, ports });
    return 0;
  },
});
