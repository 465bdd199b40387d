import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { ActionTable, BuiltInAction } from "./action.ts";
import { annotated, change } from "./change.ts";

/** How one kind is paused: by its own spec, or by the one that a rollout of Numaplane holds for it. */
interface Pausable {
  /** The merge patch that sets the lifecycle's phase. */
  readonly phase: (desiredPhase: "Paused" | "Running") => JsonObject;
  /** The same for running on, at once and step by step. */
  readonly fast: JsonObject;
  readonly gradual: JsonObject;
  /** What is paused, as part of its object. */
  readonly view: (object: KubeObject) => JsonObject;
  /** False while another object says when it runs. */
  readonly isOwn?: (object: KubeObject) => boolean;
}

const resumeStrategies = "numaflow.numaproj.io/allowed-resume-strategies";

/** Without a word of the operator's, what is paused goes on step by step. */
function allows(paused: JsonObject, way: "fast" | "gradual"): boolean {
  const allowed = viewString(paused, "metadata", "annotations", resumeStrategies);
  return allowed === "slow, fast" || (allowed === "fast" ? "fast" : "gradual") === way;
}

function pausing({ phase, fast, gradual, view, isOwn = () => true }: Pausable): readonly BuiltInAction[] {
  const isPaused = (object: KubeObject) =>
    viewString(view(object), "spec", "lifecycle", "desiredPhase") === "Paused";
  const unpause = (way: "fast" | "gradual", patch: JsonObject) =>
    change(`unpause-${way}`, patch, {
      displayName: () => `Unpause (${way})`,
      isDisabled: (object) => !isOwn(object) || !isPaused(object) || !allows(view(object), way),
    });
  return [
    change("pause", phase("Paused"), { isDisabled: (object) => !isOwn(object) || isPaused(object) }),
    unpause("gradual", gradual),
    unpause("fast", fast),
  ];
}

const ownPhase: Pausable["phase"] = (desiredPhase) => ({ spec: { lifecycle: { desiredPhase } } });
const ownView: Pausable["view"] = (object) => object as unknown as JsonObject;

function heldIn(field: string): Pausable {
  const phase: Pausable["phase"] = (desiredPhase) => ({
    spec: { [field]: { spec: { lifecycle: { desiredPhase } } } },
  });
  const resumed = (fastResume: boolean) => ({
    spec: {
      [field]: { spec: { lifecycle: { desiredPhase: "Running" } } },
      strategy: { pauseResume: { fastResume } },
    },
  });
  return {
    phase,
    fast: resumed(true),
    gradual: resumed(false),
    view: (object) => viewObject(object, "spec", field),
  };
}

function upgradeStateOf(object: KubeObject): string {
  return viewString(object, "metadata", "labels", "numaplane.numaproj.io/upgrade-state") ?? "";
}

function isOwnedBy(kind: string): (object: KubeObject) => boolean {
  return (object) =>
    viewArray(object, "metadata", "ownerReferences").some((owner) => viewString(owner, "kind") === kind);
}

const isPartOfPipelineRollout = isOwnedBy("PipelineRollout");
const isPartOfVertexRollout = isOwnedBy("MonoVertexRollout");

const forcePromoteLabel = "numaplane.numaproj.io/force-promote";
const forcePromote = change(
  "force-promote",
  { metadata: { labels: { [forcePromoteLabel]: "true" } } },
  {
    displayName: () => "Force Promote",
    isDisabled: (object) =>
      !["in-progress", "trial"].includes(upgradeStateOf(object)) ||
      viewString(object, "metadata", "labels", forcePromoteLabel) === "true",
  },
);

const strategy = "numaflow.numaproj.io/resume-strategy";
const pipeline: readonly BuiltInAction[] = [
  ...pausing({
    phase: ownPhase,
    fast: { ...ownPhase("Running"), ...annotated(strategy, "fast") },
    gradual: { ...ownPhase("Running"), ...annotated(strategy, "slow") },
    view: ownView,
    isOwn: (object) => !isPartOfPipelineRollout(object) || upgradeStateOf(object) === "recyclable-expired",
  }),
  forcePromote,
  change("delete", annotated("numaplane.numaproj.io/marked-for-deletion", "true"), {
    isDisabled: (object) => !["recyclable", "recyclable-expired"].includes(upgradeStateOf(object)),
  }),
];

const monoVertex: readonly BuiltInAction[] = [
  ...pausing({
    phase: ownPhase,
    fast: ownPhase("Running"),
    // Without a number of its own it starts from the least.
    gradual: { spec: { lifecycle: { desiredPhase: "Running" }, replicas: null } },
    view: ownView,
    isOwn: (object) => !isPartOfVertexRollout(object),
  }),
  forcePromote,
];

const dataLoss = "numaplane.numaproj.io/allow-data-loss";
const losing: readonly BuiltInAction[] = [
  change("allow-data-loss", annotated(dataLoss, "true"), {
    isDisabled: (object) => viewString(object, "status", "upgradeInProgress") !== "PipelinePauseAndDrain",
  }),
  change("disallow-data-loss", annotated(dataLoss, "false"), {
    isDisabled: (object) => viewString(object, "metadata", "annotations", dataLoss) !== "true",
  }),
];

export const numaprojActions: ActionTable = {
  "numaflow.numaproj.io/InterStepBufferService": [forcePromote],
  "numaflow.numaproj.io/MonoVertex": monoVertex,
  "numaflow.numaproj.io/Pipeline": pipeline,
  "numaplane.numaproj.io/MonoVertexRollout": pausing(heldIn("monoVertex")),
  "numaplane.numaproj.io/PipelineRollout": [...pausing(heldIn("pipeline")), ...losing],
};
