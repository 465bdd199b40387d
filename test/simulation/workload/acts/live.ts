import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import type { ObjectRef, ResourceType } from "#ports/cluster.ts";
import { namespaces } from "../../world/templates.ts";
import type { Kind } from "../objects.ts";
import { apiVersionOf, base64, kindNames, pluralOf, resourceOf } from "../objects.ts";
import type { Act, Stage } from "./stage.ts";
import { pickServer, signal, userWrite } from "./stage.ts";

const trackingAnnotation = "argocd.argoproj.io/tracking-id";

/** What people do to objects in clusters, past Git. */
export const liveActs = {
  "edit-live": async (stage) => {
    const live = pickLive(stage, (object) => object.kind !== "Job");
    if (live === undefined) return;
    const { ref, user, object } = live;
    const text = `edited ${stage.random.int(1_000)}`;
    const patches: Readonly<Record<string, JsonObject>> = {
      ConfigMap: { data: { text } },
      Secret: { data: { value: base64(text) } },
      Service: { spec: { selector: { app: "another" } } },
      Deployment: { spec: { replicas: 2 } },
    };
    const patch = stage.random.chance(0.2)
      ? { metadata: { annotations: { "example.com/note": text } } }
      : (patches[object.kind] ?? {});
    stage.note(`edit ${object.kind}/${ref.name}`);
    await user.mergePatch(ref, patch, userWrite);
  },
  "remove-live": async (stage) => {
    const live = pickLive(stage, () => true);
    if (live === undefined) return;
    stage.note(`remove ${live.object.kind}/${live.ref.name}`);
    await live.user.remove(live.ref, { propagation: "Background", signal });
  },
  "plant-foreign": async (stage) => {
    const { user } = pickServer(stage);
    const name = `foreign-${stage.random.int(1_000)}`;
    stage.note(`create ConfigMap/${name}`);
    await user.create(
      typeOf("ConfigMap"),
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace: stage.random.pick(namespaces) },
        data: { whose: "nobody's business" },
      },
      userWrite,
    );
  },
  "copy-tracking": async (stage) => {
    const live = pickLive(stage, (object) => object.kind === "ConfigMap");
    if (live === undefined) return;
    // As tools do that copy an object with all of its annotations.
    const { annotations = {}, labels = {}, namespace = "" } = live.object.metadata;
    const name = `copy-${stage.random.int(1_000)}`;
    const mark = trackingOf(live.object) ?? "";
    // Or as somebody does who wants it to be taken over.
    const marks = stage.random.chance(0.5) ? { [trackingAnnotation]: mark.replace(/[^/]+$/, name) } : {};
    stage.note(`copy ${live.object.kind}/${live.ref.name} to ${name}`);
    await live.user.create(
      typeOf("ConfigMap"),
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace, annotations: { ...annotations, ...marks }, labels },
      },
      userWrite,
    );
  },
} as const satisfies Readonly<Record<string, Act>>;

interface Live {
  readonly user: KubeCluster;
  readonly object: KubeObject;
  readonly ref: ObjectRef;
}

/** An object that Mooring keeps, in any cluster. */
function pickLive({ world, random }: Stage, wanted: (object: KubeObject) => boolean): Live | undefined {
  const found = [...world.servers].flatMap(([url, { cluster }]) =>
    kindNames.flatMap((kind) =>
      cluster.store
        .list({ resource: resourceOf(kind) })
        .filter(({ object }) => trackingOf(object) !== undefined && wanted(object))
        .map(({ object }) => ({ url, kind, object })),
    ),
  );
  if (found.length === 0) return undefined;
  const { url, kind, object } = random.pick(found);
  const user = world.users.get(url);
  if (user === undefined) throw new Error(`${url}: there is no such cluster`);
  const { namespace = "", name = "" } = object.metadata;
  return { user, object, ref: { type: typeOf(kind), namespace, name } };
}

export function trackingOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[trackingAnnotation];
}

function typeOf(kind: Kind): ResourceType {
  const [group = "", version = ""] = apiVersionOf(kind).includes("/")
    ? apiVersionOf(kind).split("/")
    : ["", apiVersionOf(kind)];
  return { group, version, kind, plural: pluralOf(kind), namespaced: true, verbs: [], shortNames: [] };
}
