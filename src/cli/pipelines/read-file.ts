import { parsePipeline } from "#core/promotion/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { FlagSpec } from "../command.ts";
import type { CliPorts } from "../ports.ts";
import { readManifest } from "../read-manifest.ts";
import { usageError } from "../usage-error.ts";

export const fileFlag = {
  file: {
    type: "string",
    short: "f",
    value: "FILE",
    description: "YAML or JSON of pipelines; - for standard input",
  },
} as const satisfies Record<string, FlagSpec>;

/** The Pipelines of a file, which make sense. Throws CLI_USAGE and APP_INVALID. */
export async function readPipelines(
  file: string | undefined,
  ports: CliPorts,
): Promise<readonly KubeObject[]> {
  if (file === undefined) throw usageError("flag --file is missing; name a file with pipelines: -f FILE");
  const objects = await readManifest(file, ports);
  for (const object of objects) {
    if (object.kind !== "Pipeline") {
      const found = `${object.kind}/${object.metadata.name ?? ""}`;
      throw usageError(`file ${file}: ${found} is no Pipeline; take it out, or apply it with kubectl`);
    }
    parsePipeline(object);
  }
  return objects;
}
