import { MooringError } from "#core/errors/index.ts";
import type { EditedFile } from "#engine/images/edit-images.ts";
import { editImages } from "#engine/images/edit-images.ts";
import type { WantedImages } from "#engine/images/wanted-images.ts";
import { nameOf } from "#engine/images/wanted-images.ts";
import { defineCommand } from "../../command.ts";
import { findYaml } from "../../images/find-yaml.ts";
import { parseWanted } from "../../images/parse-wanted.ts";
import { printValue } from "../../output/print-value.ts";
import type { CliPorts } from "../../ports.ts";

export const command = defineCommand({
  name: "image set",
  summary: "Write images into manifests, values and kustomizations",
  details:
    "Every place that names the image gets the new tag or digest: image of containers and of values, repository with tag or digest beside it,\nimages of kustomizations and of Applications, and scalars with a marker of Flux ($imagepolicy) or Fleet ($imagescan). All else stays as\nit is, byte for byte. Nothing is written when one of the files cannot be edited, and it is an error when no place names an image.",
  examples: [
    "mooring image set ghcr.io/acme/web:v2 --in overlays/prod",
    "mooring image set web=ghcr.io/acme/web:v2@sha256:…",
    "mooring image set --policy flux-system:web=ghcr.io/acme/web:v2 --dry-run",
  ],
  args: { usage: "[[OLDNAME=]IMAGE...]", min: 0, max: Number.POSITIVE_INFINITY },
  flags: {
    in: {
      type: "strings",
      value: "PATH",
      description: "Files, and directories with all below them; the current directory by default",
    },
    policy: {
      type: "strings",
      value: "POLICY=IMAGE",
      description: "Image for the markers that name a policy, such as flux-system:web=ghcr.io/acme/web:v2",
    },
    "dry-run": { type: "boolean", description: "Print what would be written, and write nothing" },
    output: { type: "string", short: "o", choices: ["text", "json", "yaml"], description: "Output format" },
  },
  run: async ({ args, flags }, ports) => {
    const wanted = parseWanted(args, flags.policy);
    const files = await editAll(flags.in.length === 0 ? ["."] : flags.in, wanted, ports);
    requireAll(wanted, files);
    const changed = files.filter(({ edits }) => edits.length > 0);
    if (flags["dry-run"] !== true) {
      for (const { path, text } of changed) await ports.replaceFile(path, text);
    }
    report(files, { output: flags.output, ports });
    return 0;
  },
});

interface Edited extends EditedFile {
  readonly path: string;
}

/** All before the first is written: a mistake in one leaves every file as it was. */
async function editAll(
  paths: readonly string[],
  wanted: WantedImages,
  ports: CliPorts,
): Promise<readonly Edited[]> {
  const edited = new Map<string, Edited>();
  for (const path of paths) {
    for await (const file of findYaml(path, ports)) {
      ports.signal.throwIfAborted();
      const result = editImages(file.text, file.path, wanted);
      const isKept = result.named.size > 0 || result.left !== undefined;
      if (isKept) edited.set(file.path, { ...result, path: file.path });
    }
  }
  return [...edited.values()];
}

/** A pipeline that writes nothing because of a mistyped name would go on as if it had deployed. */
function requireAll({ images, policies }: WantedImages, files: readonly Edited[]): void {
  const asked = [
    ...images.map((image) => ["image", nameOf(image)] as const),
    ...[...policies.keys()].map((policy) => ["policy", policy] as const),
  ];
  const missing = asked.find(([, name]) => !files.some(({ named }) => named.has(name)));
  if (missing === undefined) return;
  const left = files.find((file) => file.left !== undefined);
  const hint = left?.left === undefined ? "" : `; ${left.path} may, but its ${left.left}`;
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `${missing.join(" ")}: no file names it${hint}; check the name, and --in`,
  );
}

interface Reporting {
  readonly output: string | undefined;
  readonly ports: CliPorts;
}

function report(files: readonly Edited[], { output, ports }: Reporting): void {
  if (output === "json" || output === "yaml") {
    const edits = files.flatMap(({ path, edits: made }) => made.map((edit) => ({ file: path, ...edit })));
    printValue(ports.stdout, output, edits);
    return;
  }
  for (const { path, edits, left } of files) {
    if (left !== undefined) ports.stderr.write(`${path}: left alone: ${left}\n`);
    for (const { line, before, after } of edits) {
      ports.stdout.write(
        `${path}:${line}: ${before === "" ? "added" : before} -> ${after === "" ? "taken away" : after}\n`,
      );
    }
  }
  if (files.every(({ edits }) => edits.length === 0)) ports.stdout.write("nothing to change\n");
}
