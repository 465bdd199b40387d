import type { SchemaDocuments } from "#ports/schema-documents.ts";
import { defineCommand } from "../command.ts";
import { formatJunit } from "../output/junit.ts";
import { writeFileOf } from "../output/write-file.ts";
import { usageError } from "../usage-error.ts";
import { checkManifests } from "../validate/check-manifests.ts";
import { collectManifests } from "../validate/collect.ts";
import { validateFlags } from "../validate/flags.ts";
import { junitCases, printFindings } from "../validate/print-findings.ts";
import { definitionsIn, Schemas } from "../validate/schemas.ts";

export const command = defineCommand({
  name: "validate",
  summary: "Check manifests, and what sources render to, against schemas",
  details:
    "Checks types, fields that do not exist or are missing, keys that are there twice, and deprecated and removed APIs. In directories plain\nfiles are read, and charts, kustomizations and Jsonnet rendered. Schemas are bundled; of custom kinds they come from the\nCustomResourceDefinitions among PATH and --crds. It needs no cluster.\nExit codes: 0 nothing is wrong, 1 something is, 2 it could not be checked.",
  examples: [
    "mooring validate deploy",
    "mooring validate charts/web --values charts/web/prod.yaml --kubernetes-version 1.30",
    "mooring validate -f app.yaml --crds crds -o github",
  ],
  args: { usage: "[PATH…]", min: 0, max: 1_000 },
  flags: validateFlags,
  errorExit: 2,
  run: async ({ args, flags }, ports) => {
    if (args.length + flags.filename.length === 0)
      throw usageError("validate needs PATH or -f FILE; write: mooring validate deploy");
    const documents = await ports.openSchemas();
    const minor = minorOf(flags["kubernetes-version"], documents);
    const { inputs, crds } = await collectManifests(args, flags, ports);
    const definitions = definitionsIn([...inputs.manifests, ...crds.manifests].map(({ value }) => value));
    const ignoreMissingSchemas = flags["ignore-missing-schemas"] === true;
    const schemas = new Schemas(documents, definitions);
    const { findings, objects } = checkManifests(inputs.manifests, { schemas, minor, ignoreMissingSchemas });
    const checked = { findings: [...crds.findings, ...inputs.findings, ...findings], objects };
    printFindings(checked, { ports, format: flags.output, color: flags.color });
    if (flags.junit !== undefined)
      await writeFileOf(ports, flags.junit, formatJunit("validate", junitCases(checked)));
    return checked.findings.some(({ severity }) => severity === "error" || flags.strict === true) ? 1 : 0;
  },
});

function minorOf(given: string | undefined, { version }: SchemaDocuments): number {
  const found = /^v?1\.(?<minor>\d{1,3})(?:\.\d+)?(?:[-+].*)?$/u.exec(given ?? version)?.groups?.["minor"];
  if (found === undefined)
    throw usageError(
      `flag --kubernetes-version: ${JSON.stringify(given)} is no version; write one such as 1.30`,
    );
  return Number(found);
}
