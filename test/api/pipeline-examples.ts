import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { newPromotion } from "#core/promotion/index.ts";
import type { Examples } from "./example.ts";
import { forAll, naming, under } from "./example.ts";

const namespace = "argocd";

/** The pipeline that the stranger must not see. */
interface Guarded {
  readonly name: string;
  readonly project: string;
}

function pipeline(name: string, within: string): KubeObject {
  return {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name, namespace },
    spec: {
      project: within,
      repoURL: "https://nowhere.invalid",
      stages: [
        { name: "dev", branch: "main", applications: [] },
        { name: "prod", branch: "prod", applications: [], gates: [{ approvals: {} }] },
      ],
    },
  };
}

const promoted = "ab".repeat(20);
const promotionName = (pipelineName: string) => `${pipelineName}-prod-${promoted.slice(0, 7)}`;

function promotionOf(name: string): KubeObject {
  const { metadata, ...object } = newPromotion(
    { name, namespace, uid: "of-a-pipeline" },
    {
      stage: "prod",
      kind: "Promote",
      cause: "Automation",
      revision: promoted,
      attempt: 1,
      requestedBy: { username: "mooring" },
      at: "2026-01-31T12:00:00Z",
    },
  );
  // Nobody knows the uid of what is not made yet, and what has a wrong owner is deleted.
  const { ownerReferences: _owners, ...rest } = metadata;
  return { ...object, metadata: rest };
}

/** A pipeline with a promotion in each of two projects. */
export function pipelineObjects({ name, project }: Guarded): readonly KubeObject[] {
  return [pipeline(name, project), pipeline("theirs", "other"), promotionOf(name), promotionOf("theirs")];
}

/** Of every method of the service. */
export function pipelineExamples({ name, project }: Guarded): Examples {
  const promotion = promotionName(name);
  const of = naming({ name }, { name: "nothing" });
  const stage = (more: JsonObject = {}) =>
    naming({ pipeline: name, stage: "prod", ...more }, { pipeline: "nothing" });
  const decided = (more: JsonObject = {}) => naming({ promotion, ...more }, { promotion: "nothing" });
  const written = (named: string): JsonObject => {
    const { metadata, spec: wanted } = pipeline(named, project);
    return { pipeline: { metadata, spec: wanted } as JsonObject };
  };
  const target = (named: string): JsonObject => ({
    targets: [{ pipeline: named, stage: "prod", revision: promoted }],
  });
  return under("mooring.pipeline.PipelineService", {
    List: forAll,
    Watch: forAll,
    ListPromotions: forAll,
    Get: of,
    Create: { request: written(`${name}-new`) },
    Update: naming(written(name), written("nothing")),
    Delete: of,
    Refresh: of,
    Hold: stage({ reason: "a feast" }),
    Resume: stage(),
    Promote: stage({ revision: promoted }),
    Rollback: stage({ reason: "it burns" }),
    Release: naming({ name: "may", ...target(name) }, target("nothing")),
    GetPromotion: decided(),
    PromotionPlan: decided(),
    Approve: decided({ digest: `sha256:${"0".repeat(64)}` }),
    Reject: decided({ reason: "not today" }),
    BreakGlass: decided({ reason: "it burns" }),
  });
}
