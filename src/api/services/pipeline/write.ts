import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject, StringMap } from "#core/object/index.ts";
import { jsonEqual, mergePatchOf, viewObject, viewString } from "#core/object/index.ts";
import { checkSource, checkSourceNamespace, parseProject } from "#core/project/index.ts";
import { isRequestAnnotation, parsePipeline } from "#core/promotion/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import { gone, pipelineRef } from "#engine/promotion-requests/index.ts";
import { compilePattern } from "#runtime/patterns.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import type {
  PipelineCreateRequest,
  PipelineName,
  PipelineUpdateRequest,
} from "../../contract/gen/mooring/pipeline_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { namedProject, projectOf } from "#core/project/project-of.ts";
import { policyName } from "../application/find-application.ts";
import { projectOrDefault } from "../project/find-project.ts";
import { findPipeline, namespaceOf, present, requireName, written } from "./find.ts";
import type { PipelineShape } from "./read.ts";

/** Creates a Pipeline. One that exists with the same spec is no error; one with another needs `upsert`. */
export async function create(
  context: ApiContext,
  { pipeline: given, upsert = false, dryRun = false }: ShapeOf<PipelineCreateRequest>,
  { caller, signal }: ApiCall,
): Promise<PipelineShape> {
  const pipeline = requested(context, given);
  caller.require({ resource: "pipelines", action: "create", object: policyName(pipeline, context) });
  validate(context, pipeline);
  const { cluster } = context.hub;
  const { namespace = "", name = "" } = pipeline.metadata;
  const options = { fieldManager: apiFieldManager, fieldValidation: "Strict", dryRun, signal } as const;
  return await repeatOnConflict(async () => {
    const existing = await cluster.read(pipelineRef(namespace, name), signal);
    if (existing === undefined)
      return shown(context, await cluster.create(hubTypes.pipeline, pipeline, options), dryRun);
    const isSame = jsonEqual(viewObject(existing, "spec"), viewObject(pipeline, "spec"));
    if (isSame) return present<PipelineShape>(existing);
    if (!upsert) {
      throw new MooringError(
        "APP_EXISTS",
        `Pipeline/${namespace}/${name}: exists with another spec; use upsert to change it`,
      );
    }
    await findPipeline(context, { name, namespace }, { caller, action: "update", signal });
    return dryRun ? present<PipelineShape>(pipeline) : await change(context, pipeline, { caller, signal });
  });
}

function shown(context: ApiContext, created: KubeObject, dryRun: boolean): PipelineShape {
  return dryRun ? present(created) : written(context, created);
}

/** Replaces labels, annotations and spec. */
export async function update(
  context: ApiContext,
  { pipeline: given }: ShapeOf<PipelineUpdateRequest>,
  { caller, signal }: ApiCall,
): Promise<PipelineShape> {
  const pipeline = requested(context, given);
  await findPipeline(context, pipeline.metadata, { caller, action: "update", signal });
  return await change(context, pipeline, { caller, signal });
}

/** Deletes a Pipeline; its promotions are its own and go with it. */
export async function remove(
  context: ApiContext,
  query: ShapeOf<PipelineName>,
  { caller, signal }: ApiCall,
): Promise<PipelineShape> {
  const found = await findPipeline(context, query, { caller, action: "delete", signal });
  const { namespace = "", name = "", uid } = found.metadata;
  await context.hub.cluster.remove(pipelineRef(namespace, name), {
    propagation: "Background",
    ...(uid === undefined ? {} : { uid }),
    signal,
  });
  return present(found);
}

/** A Pipeline as a client gives it, where it belongs. Throws API_INVALID_ARGUMENT, API_FORBIDDEN and APP_INVALID. */
function requested(context: ApiContext, given: PipelineShape | undefined): KubeObject {
  const metadata = viewObject(given as JsonObject | undefined, "metadata");
  const name = viewString(metadata, "name") ?? "";
  requireName("pipeline.metadata.name", name);
  const namespace = namespaceOf(context, viewString(metadata, "namespace") ?? "");
  const labels = viewObject(metadata, "labels") as StringMap;
  const annotations = own(viewObject(metadata, "annotations") as StringMap);
  const spec = viewObject(given as JsonObject | undefined, "spec");
  const pipeline: KubeObject = {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name, namespace, labels, annotations },
    spec: { ...spec, project: namedProject(viewString(spec, "project")) },
  };
  return pipeline;
}

/** Annotations but those that need a right of their own to be written. */
function own(annotations: StringMap): StringMap {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !isRequestAnnotation(key)));
}

/** Throws APP_INVALID and POLICY_FORBIDDEN for what makes no sense or what the project forbids. */
function validate(context: ApiContext, object: KubeObject): void {
  const { stages, namespace, name } = parsePipeline(object);
  const subject = `Pipeline/${namespace}/${name}`;
  const project = parseProject(projectOrDefault(context, projectOf(object)));
  const home = { namespace, controllerNamespace: context.hub.namespace, compilePattern };
  const urls = [
    ...new Set([viewString(object, "spec", "repoURL") ?? "", ...stages.map((each) => each.repoUrl)]),
  ];
  const denials = [
    checkSourceNamespace(project, home, subject),
    ...urls.map((url) => checkSource(project, url, subject)),
  ].filter((denial) => denial !== undefined);
  if (denials.length > 0)
    throw new MooringError("POLICY_FORBIDDEN", denials.map(({ message }) => message).join("\n"));
}

/** Changes a Pipeline for somebody who may update it where it is and where it goes. */
async function change(
  context: ApiContext,
  wanted: KubeObject,
  { caller, signal }: Pick<ApiCall, "caller" | "signal">,
): Promise<PipelineShape> {
  const { namespace = "", name = "" } = wanted.metadata;
  const changed = await patchObject(context.hub.cluster, pipelineRef(namespace, name), {
    decide: (object) => {
      const [before, after] = [object, wanted].map((one) => policyName(one, context));
      for (const at of [before, after])
        caller.require({ resource: "pipelines", action: "update", object: at ?? "" });
      if (before !== after) caller.require({ resource: "pipelines", action: "create", object: after ?? "" });
      validate(context, wanted);
      return patchTo(object, wanted);
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined) throw gone("Pipeline", namespace, name);
  return written(context, changed);
}

/** What else the object has is its controller's, and what people asked for stays. */
function patchTo(before: KubeObject, after: KubeObject): JsonObject | undefined {
  const owned = ({ metadata: { labels = {}, annotations = {} } }: KubeObject): JsonObject => ({
    labels,
    annotations: own(annotations),
  });
  const metadata = mergePatchOf(owned(before), owned(after));
  const spec = mergePatchOf(viewObject(before, "spec"), viewObject(after, "spec"));
  if (metadata === undefined && spec === undefined) return undefined;
  return { ...(metadata === undefined ? {} : { metadata }), ...(spec === undefined ? {} : { spec }) };
}
