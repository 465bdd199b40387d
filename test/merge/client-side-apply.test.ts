import { beforeAll, describe, expect, it } from "vitest";
import { controlPlane, createNamespace, eventually } from "../control-plane/fixture.ts";
import { edited, objectOf } from "./cases.ts";
import type { Edit } from "./cases.ts";
import { CONFIG, CRON, DEPLOYMENT, HPA, INGRESS, POLICY, SERVICE, STATEFUL } from "./manifests.ts";
import { mergeServer } from "./server.ts";
import type { MergeServer } from "./server.ts";
import { comparable, MANAGER, named } from "./verdicts.ts";
import { compareObject, normalizeDesired, planMigration } from "#core/compare/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

function withLastApplied(object: KubeObject): KubeObject {
  const annotations = { ...object.metadata.annotations, [LAST_APPLIED]: JSON.stringify(object) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function withoutLastApplied(object: KubeObject): JsonObject {
  const { [LAST_APPLIED]: _annotation, ...others } = object.metadata.annotations ?? {};
  // The deployment controller writes it at any time.
  const { "deployment.kubernetes.io/revision": _revision, ...annotations } = others;
  const { annotations: _annotations, ...metadata } = object.metadata;
  const kept = Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
  return comparable({ ...object, metadata: kept } as KubeObject);
}

const CASES: readonly { readonly title: string; readonly yaml: string; readonly edits: readonly Edit[] }[] = [
  { title: "Deployment: nothing", yaml: DEPLOYMENT, edits: [] },
  {
    title: "Deployment: container gone",
    yaml: DEPLOYMENT,
    edits: [["spec.template.spec.containers.1", undefined]],
  },
  {
    title: "Deployment: env gone",
    yaml: DEPLOYMENT,
    edits: [["spec.template.spec.containers.0.env", undefined]],
  },
  {
    title: "Deployment: image",
    yaml: DEPLOYMENT,
    edits: [["spec.template.spec.containers.0.image", "nginx:1.28"]],
  },
  { title: "Service: nothing", yaml: SERVICE, edits: [] },
  { title: "Service: port gone", yaml: SERVICE, edits: [["spec.ports.1", undefined]] },
  { title: "ConfigMap: nothing", yaml: CONFIG, edits: [] },
  { title: "ConfigMap: key gone", yaml: CONFIG, edits: [["data.one", undefined]] },
  { title: "ConfigMap: annotations gone", yaml: CONFIG, edits: [["metadata.annotations", undefined]] },
  { title: "StatefulSet: nothing", yaml: STATEFUL, edits: [] },
  { title: "HPA: minimum gone", yaml: HPA, edits: [["spec.minReplicas", undefined]] },
  { title: "Ingress: nothing", yaml: INGRESS, edits: [] },
  { title: "NetworkPolicy: rule gone", yaml: POLICY, edits: [["spec.ingress", undefined]] },
  { title: "CronJob: nothing", yaml: CRON, edits: [] },
];

/** Takes the object over; what it was before. A controller that writes in between makes the patch conflict. */
async function migrate(server: MergeServer, desired: KubeObject): Promise<KubeObject> {
  return eventually(async () => {
    const live = await server.read(desired);
    const { needed, patch } = planMigration(live, MANAGER);
    expect(needed).toBe(true);
    await server.jsonPatch(desired, patch);
    return live;
  });
}

describe("an object that kubectl applied client-side", () => {
  let server: MergeServer;

  beforeAll(async () => {
    const namespace = await createNamespace(controlPlane(), "merge");
    server = mergeServer(controlPlane(), namespace.name);
    return () => namespace[Symbol.asyncDispose]();
  });

  it.for(CASES.map((entry, index) => ({ ...entry, index })))("$title", async ({ yaml, edits, index }) => {
    const object = named(objectOf(yaml), index);
    await server.create(withLastApplied(object), "kubectl-client-side-apply");
    const desired = normalizeDesired(edited(object, edits));
    const schema = await server.schemaOf(object);
    const live = await migrate(server, desired);
    const comparison = compareObject({ desired, live, schema, fieldManager: MANAGER, secretHash: String });
    const answer = await server.apply(desired, MANAGER);
    const changed = !jsonEqual(withoutLastApplied(live), withoutLastApplied(answer));
    expect(comparison).toMatchObject({
      sync: changed ? "OutOfSync" : "Synced",
      needsApply: true,
      predictable: true,
    });
    const predicted = comparison.predicted ?? live;
    expect(withoutLastApplied(predicted)).toEqual(withoutLastApplied(answer));
    expect(answer.metadata.annotations?.[LAST_APPLIED]).toBeUndefined();
    const after = compareObject({
      desired,
      live: await server.read(desired),
      schema,
      fieldManager: MANAGER,
      secretHash: String,
    });
    expect(after).toMatchObject({ sync: "Synced", drift: [], needsApply: false });
  });
});
