import { imageAutomationStatusSchema } from "#core/crd/image-automation-schema.ts";
import { parseValue } from "#core/crd/parse.ts";
import type { Infer } from "#core/crd/schema.ts";
import { resumeAnnotation, scanAnnotation } from "#core/images/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Proposal } from "./scan.ts";

export type ImageAutomationStatus = Infer<typeof imageAutomationStatusSchema>;

/** The status as it was written; an empty one in the place of one that cannot be read. */
export function statusOf(object: KubeObject): ImageAutomationStatus {
  const parsed = parseValue(imageAutomationStatusSchema, object["status"] ?? {});
  return parsed.ok ? parsed.value : {};
}

export function proposalsOf(object: KubeObject): readonly Proposal[] {
  return statusOf(object).proposals ?? [];
}

/** What somebody asks for by annotations, and which spec it is. */
export interface Asked {
  readonly generation: number;
  readonly scan: string;
  readonly resumed: string;
}

export function askedOf({ metadata }: KubeObject): Asked {
  const { generation, annotations = {} } = metadata;
  return {
    generation: typeof generation === "number" ? generation : 0,
    scan: annotations[scanAnnotation] ?? "",
    resumed: annotations[resumeAnnotation] ?? "",
  };
}

/** What was acted on, as the status says it. */
export function doneOf(object: KubeObject): Asked {
  const { observedGeneration = 0, scanned = "", guard } = statusOf(object);
  return { generation: observedGeneration, scan: scanned, resumed: guard?.resumed ?? "" };
}
