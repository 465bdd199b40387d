import { expect, it } from "vitest";
import type { IgnoreEntry } from "#core/differences/index.ts";
import { collectRules } from "#core/differences/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewPath, viewString } from "#core/object/index.ts";
import type { ApplyAction } from "#core/sync/index.ts";
import { setTracking } from "#core/tracking/index.ts";
import { applyObject } from "#engine/apply.ts";
import { respectBy } from "#engine/ignored-fields.ts";
import { startScripts } from "#render/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { testNamespace } from "../control-plane/fixture.ts";
import { connect, testSignal, typeOf } from "../kube/connect.ts";
import { applyAction } from "./action.ts";

const tracking = { appName: "web" };
const replicas = ["/spec/replicas"];

/** A namespace in which one Deployment is applied as a sync with RespectIgnoreDifferences=true does it. */
async function startBench(jsonPointers: readonly string[] = replicas) {
  const [cluster, namespace] = [await connect(), await testNamespace()];
  const type = await typeOf(cluster, "apps", "Deployment");
  const ref = { type, namespace, name: "web" };
  const signal = testSignal();
  const entry: IgnoreEntry = { group: "apps", kind: "Deployment", jsonPointers };
  const rules = {
    ignored: collectRules("argocd/web", [entry], []),
    respectsIgnored: true,
    includesWebhooks: false,
    knownTypeFields: [],
    forces: false,
    validates: true,
    id: "rules",
    scripts: startScripts(),
  };
  const web = (spec: JsonObject, app = "web"): KubeObject =>
    setTracking(
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace },
        spec: {
          selector: { matchLabels: { app } },
          template: {
            metadata: { labels: { app } },
            spec: { containers: [{ name: "web", image: "web:1" }] },
          },
          ...spec,
        },
      },
      tracking,
    );
  const live = () => cluster.read(ref, signal);
  return {
    web,
    live,
    spec: async (...path: readonly string[]): Promise<JsonValue | undefined> =>
      viewPath(await live(), "spec", ...path),
    owners: async () =>
      viewArray((await live())?.metadata as JsonObject, "managedFields")
        .filter((one) => viewPath(one, "fieldsV1", "f:spec", "f:replicas") !== undefined)
        .map((one) => `${viewString(one, "manager")} ${viewString(one, "operation")}`),
    edit: (patch: JsonObject) => cluster.mergePatch(ref, patch, { fieldManager: "somebody", signal }),
    create: (object: KubeObject, fieldManager: string) =>
      cluster.create(type, object, { fieldManager, signal }),
    apply: (desired: KubeObject, seen: KubeObject | undefined, more: Partial<ApplyAction> = {}) =>
      applyObject(applyAction(desired, more), {
        cluster,
        clock: systemClock,
        dryRun: false,
        live: seen,
        signal,
        shutdown: signal,
        respect: respectBy(rules, { cluster, tracking }),
      }),
  };
}

it("writes an ignored field when it creates the object", async () => {
  const { web, apply, spec } = await startBench();
  await apply(web({ replicas: 2 }), undefined);
  expect(await spec("replicas")).toBe(2);
});

it("does not undo a change of an ignored field that came after the object was last seen", async () => {
  const { web, apply, spec, live, edit, owners } = await startBench();
  await apply(web({ replicas: 2 }), undefined);
  const seen = await live();
  await edit({ spec: { replicas: 5 } });
  await apply(web({ replicas: 1, paused: true }), seen);
  expect([await spec("replicas"), await spec("paused")]).toEqual([5, true]);
  expect(await owners()).toEqual(["somebody Update"]);
});

it("leaves an ignored field as it lives when the object is created anew", async () => {
  const { web, apply, spec, live, edit } = await startBench();
  await apply(web({ replicas: 2 }), undefined);
  await edit({ spec: { replicas: 3 } });
  await apply(web({ replicas: 1 }, "other"), await live(), { force: true });
  expect([await spec("replicas"), await spec("selector", "matchLabels", "app")]).toEqual([3, "other"]);
});

it("leaves an ignored field as it lives when it takes the object over from client-side apply", async () => {
  const { web, apply, spec, live, create, owners } = await startBench();
  const before = web({ replicas: 4 });
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(before) };
  await create({ ...before, metadata: { ...before.metadata, annotations } }, "kubectl-client-side-apply");
  await apply(web({ replicas: 1 }), await live());
  expect(await spec("replicas")).toBe(4);
  await apply(web({}), await live());
  expect(await spec("replicas")).toBe(4);
  expect(await owners()).toEqual(["argocd-controller Apply"]);
});

it("leaves a field of a list item as it lives and still removes and adds whole items", async () => {
  const { web, apply, spec, live } = await startBench(["/spec/template/spec/containers/0/image"]);
  const withContainers = (...containers: JsonObject[]) =>
    web({ template: { metadata: { labels: { app: "web" } }, spec: { containers } } });
  const container = (name: string, tag: string) => ({ name, image: `${name}:${tag}` });
  const images = async () =>
    viewArray((await spec("template", "spec", "containers")) ?? null).map((one) => viewPath(one, "image"));
  await apply(withContainers(container("a", "1"), container("b", "1")), undefined);
  await apply(withContainers(container("a", "2"), container("c", "2")), await live());
  expect(await images()).toEqual(["a:1", "c:2"]);
  await apply(withContainers(container("c", "3")), await live());
  expect(await images()).toEqual(["c:2"]);
});
