import type { AnswerOf } from "../../lib/api/index.ts";
import type {
  PipelineSpec,
  PipelineStatus,
  PromotionSpec,
  PromotionStatus,
  StageSpec,
  StageStatus,
} from "../../lib/shared.ts";

interface Named {
  readonly name: string;
  readonly namespace: string;
}

export interface Pipeline extends Named {
  readonly resourceVersion: string;
  readonly createdAt: string;
  readonly project: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PipelineSpec;
  readonly status: PipelineStatus;
}

export interface Promotion extends Named {
  readonly createdAt: string;
  readonly spec: PromotionSpec;
  readonly status: PromotionStatus;
}

/** One environment of a pipeline: as it is wanted, and as it is. */
export interface Stage {
  readonly name: string;
  readonly spec: StageSpec;
  readonly status: StageStatus;
  /** Empty for what people commit to. */
  readonly after: readonly string[];
  readonly applications: readonly Named[];
}

export const keyOf = ({ namespace, name }: Named): string => `${namespace}/${name}`;

/** Its definition in the cluster holds everybody to these fields, and the answer is that object. */
export function readPipeline({
  metadata = {},
  spec = {},
  status = {},
}: AnswerOf<"pipeline", "get">): Pipeline {
  const read = spec as unknown as PipelineSpec;
  return {
    name: metadata.name ?? "",
    namespace: metadata.namespace ?? "",
    resourceVersion: metadata.resourceVersion ?? "",
    createdAt: metadata.creationTimestamp ?? "",
    project: read.project === undefined || read.project === "" ? "default" : read.project,
    annotations: metadata.annotations ?? {},
    labels: metadata.labels ?? {},
    spec: read,
    status: status as unknown as PipelineStatus,
  };
}

/** As `readPipeline`. */
export function readPromotion({
  metadata = {},
  spec = {},
  status = {},
}: AnswerOf<"pipeline", "getPromotion">): Promotion {
  return {
    name: metadata.name ?? "",
    namespace: metadata.namespace ?? "",
    createdAt: metadata.creationTimestamp ?? "",
    spec: spec as unknown as PromotionSpec,
    status: status as unknown as PromotionStatus,
  };
}

const ended: readonly string[] = ["Succeeded", "Failed", "Refused", "Superseded", "RolledBack"];

/** Whether nothing more comes of it. */
export function hasEnded({ status }: Pick<Promotion, "status">): boolean {
  return ended.includes(status.phase ?? "Pending");
}

/** Whether it still can be refused: nothing of it is in Git. */
export function isBeforeWriting({ status }: Pick<Promotion, "status">): boolean {
  return ["Pending", "Waiting", "Proposed"].includes(status.phase ?? "Pending");
}

/** The stages in the order of the list, with what is known of each. */
export function stagesOf({
  spec,
  status,
  namespace,
}: Pick<Pipeline, "spec" | "status" | "namespace">): readonly Stage[] {
  const known = new Map((status.stages ?? []).map((each) => [each.name, each]));
  return spec.stages.map((stage, i) => {
    const before = spec.stages[i - 1];
    return {
      name: stage.name,
      spec: stage,
      status: known.get(stage.name) ?? { name: stage.name },
      after: stage.after ?? (before === undefined ? [] : [before.name]),
      applications: stage.applications.map((each) => applicationNamed(each, namespace)),
    };
  });
}

function applicationNamed(text: string, namespace: string): Named {
  const [first = "", ...rest] = text.split("/");
  return rest.length === 0 ? { namespace, name: first } : { namespace: first, name: rest.join("/") };
}

/** The stage of a pipeline that an application is in. */
export function stageWith(pipeline: Pipeline, app: Named): Stage | undefined {
  return stagesOf(pipeline).find(({ applications }) =>
    applications.some(({ namespace, name }) => namespace === app.namespace && name === app.name),
  );
}

/** What policies call a pipeline: with its namespace where that is not the control plane's. */
export function pipelineObject(
  { project, namespace, name }: Pick<Pipeline, "project" | "namespace" | "name">,
  controllerNamespace: string,
): string {
  return namespace === controllerNamespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}
