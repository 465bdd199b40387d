import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import type { TrackingMethod } from "./index.ts";
import {
  appInstanceName,
  otherOwnerOf,
  ownsObject,
  parseTrackingId,
  setTracking,
  trackingId,
  trackingOf,
} from "./index.ts";

const deployment: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", annotations: { team: "blue" }, labels: { tier: "front" } },
  spec: { replicas: 2 },
};

const clusterRole: KubeObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "system:shop" },
};

describe("marking an object", () => {
  it("writes Argo CD's tracking id and leaves the argument as it is", () => {
    expect(setTracking(deployment, { appName: "guestbook" })).toEqual({
      ...deployment,
      metadata: {
        ...deployment.metadata,
        annotations: {
          team: "blue",
          "argocd.argoproj.io/tracking-id": "guestbook:apps/Deployment:shop/web",
        },
      },
    });
    expect(deployment.metadata.annotations).toEqual({ team: "blue" });
  });

  it("writes only the label under label tracking", () => {
    expect(setTracking(clusterRole, { appName: "guestbook", method: "label" }).metadata).toEqual({
      name: "system:shop",
      labels: { "app.kubernetes.io/instance": "guestbook" },
    });
  });

  it("writes both, under the configured label, with the installation id", () => {
    const marked = setTracking(deployment, {
      appName: "team-a_guestbook",
      method: "annotation+label",
      labelKey: "example.com/app",
      installationId: "east",
    });
    expect(marked.metadata).toEqual({
      name: "web",
      namespace: "shop",
      annotations: {
        team: "blue",
        "argocd.argoproj.io/tracking-id": "team-a_guestbook:apps/Deployment:shop/web",
        "argocd.argoproj.io/installation-id": "east",
      },
      labels: { tier: "front", "example.com/app": "team-a_guestbook" },
    });
  });

  it("gives a cluster-scoped object the destination namespace in its id, as Argo CD does", () => {
    const marked = setTracking(clusterRole, { appName: "guestbook", namespace: "shop" });
    expect(marked.metadata.annotations).toEqual({
      "argocd.argoproj.io/tracking-id": "guestbook:rbac.authorization.k8s.io/ClusterRole:shop/system:shop",
    });
    expect(ownsObject(marked, { appName: "guestbook" })).toBe(true);
  });

  it("replaces marks that were copied into Git from a live object", () => {
    const copied = setTracking(deployment, { appName: "other", installationId: "west" });
    expect(setTracking(copied, { appName: "guestbook" })).toEqual(
      setTracking(deployment, { appName: "guestbook" }),
    );
    expect(setTracking(copied, { appName: "guestbook", method: "label" }).metadata.annotations).toEqual({
      team: "blue",
    });
  });

  it("shortens an informing label to a valid value and refuses to track by a shortened one", () => {
    const appName = `${"a".repeat(61)}-.${"b".repeat(20)}`;
    expect(setTracking(clusterRole, { appName, method: "annotation+label" }).metadata.labels).toEqual({
      "app.kubernetes.io/instance": "a".repeat(61),
    });
    expect(() => setTracking(clusterRole, { appName, method: "label" })).toThrow(
      expect.objectContaining({ code: "APP_INVALID" }),
    );
  });
});

describe("reading whose an object is", () => {
  const marked = setTracking(deployment, { appName: "guestbook" });

  it.each<[string, KubeObject]>([
    ["another kind", { ...marked, kind: "ReplicaSet" }],
    ["another group", { ...marked, apiVersion: "example.com/v1" }],
    ["another name", { ...marked, metadata: { ...marked.metadata, name: "web-6f7" } }],
    ["another namespace", { ...marked, metadata: { ...marked.metadata, namespace: "other" } }],
  ])("ignores an annotation that was copied to %s", (_, copy) => {
    expect(trackingOf(copy)).toBeUndefined();
  });

  it("keeps owning an object whose version changed", () => {
    expect(ownsObject({ ...marked, apiVersion: "apps/v1beta2" }, { appName: "guestbook" })).toBe(true);
  });

  it("believes the annotation and not the label when both are written", () => {
    const both = setTracking(deployment, { appName: "guestbook", method: "annotation+label" });
    const relabelled = {
      ...both,
      metadata: { ...both.metadata, labels: { "app.kubernetes.io/instance": "helm" } },
    };
    expect(trackingOf(relabelled, { method: "annotation+label" })?.app).toBe("guestbook");
    const bare = {
      ...deployment,
      metadata: { ...deployment.metadata, labels: { "app.kubernetes.io/instance": "helm" } },
    };
    expect(trackingOf(bare, { method: "annotation+label" })).toBeUndefined();
  });

  it("leaves alone what another installation marked, whichever of the two has an id", () => {
    const east = setTracking(deployment, { appName: "guestbook", installationId: "east" });
    expect(ownsObject(east, { appName: "guestbook", installationId: "east" })).toBe(true);
    expect(ownsObject(east, { appName: "guestbook", installationId: "west" })).toBe(false);
    expect(ownsObject(east, { appName: "guestbook" })).toBe(false);
    expect(ownsObject(marked, { appName: "guestbook", installationId: "east" })).toBe(false);
  });

  it.each([
    "",
    "guestbook",
    "a:b",
    "a:b/c:d",
    ":apps/Deployment:shop/web",
    "a:apps/Deployment:shop/",
    "a:b/c:d/e/f",
    "a b:c/d:e/f",
  ])("reads no owner from the malformed id %j", (value) => {
    expect(parseTrackingId(value)).toBeUndefined();
  });

  it("reads no owner from annotations of the wrong type", () => {
    const broken = {
      ...deployment,
      metadata: { name: "web", annotations: { "argocd.argoproj.io/tracking-id": 7 } },
    };
    expect(trackingOf(broken as unknown as KubeObject)).toBeUndefined();
    expect(
      trackingOf({ ...deployment, metadata: { annotations: null } } as unknown as KubeObject),
    ).toBeUndefined();
  });
});

it("names an Application by its namespace only outside the controller's", () => {
  expect(appInstanceName("argocd", "guestbook", "argocd")).toBe("guestbook");
  expect(appInstanceName("team-a", "guestbook", "argocd")).toBe("team-a_guestbook");
});

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,12}[a-z0-9])?$/);
const rbacName = fc.stringMatching(/^[a-z0-9]([a-z0-9:.-]{0,12}[a-z0-9])?$/);
const parts = fc.record({
  group: fc.oneof(fc.constant(""), name),
  kind: fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,10}$/),
  namespace: fc.oneof(fc.constant(""), name),
  name: rbacName,
});
const objects = parts.map((of): KubeObject => ({
  apiVersion: of.group === "" ? "v1" : `${of.group}/v1`,
  kind: of.kind,
  metadata: { name: of.name, ...(of.namespace === "" ? {} : { namespace: of.namespace }) },
}));
const settings = fc.record({
  method: fc.constantFrom<TrackingMethod>("annotation", "label", "annotation+label"),
  installationId: fc.constantFrom("", "east"),
});

describe("for any object", () => {
  it("reads back the owner that was written, and no other", () => {
    fc.assert(
      fc.property(objects, fc.tuple(name, name), settings, (object, [appName, other], options) => {
        const marked = setTracking(object, { ...options, appName, namespace: "destination" });
        expect(trackingOf(marked, options)?.app).toBe(appName);
        expect(ownsObject(marked, { ...options, appName: other })).toBe(other === appName);
        expect(ownsObject(marked, { ...options, installationId: "west", appName })).toBe(false);
      }),
    );
  });

  it("never believes an id written for another object", () => {
    fc.assert(
      fc.property(objects, objects, name, (object, other, appName) => {
        const id = setTracking(other, { appName }).metadata.annotations ?? {};
        const copied = { ...object, metadata: { ...object.metadata, annotations: id } };
        const same = (field: "name" | "namespace"): boolean =>
          object.metadata[field] === other.metadata[field];
        const sameNamespace = object.metadata.namespace === undefined || same("namespace");
        const self =
          object.kind === other.kind &&
          object.apiVersion === other.apiVersion &&
          same("name") &&
          sameNamespace;
        expect(trackingOf(copied) !== undefined).toBe(self);
      }),
    );
  });

  it("parses every id that it writes", () => {
    fc.assert(
      fc.property(parts, name, (of, app) => {
        expect(parseTrackingId(trackingId({ app, key: objectKey(of) }))).toEqual({ app, ...of });
      }),
    );
  });

  it("survives any text as an id", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const id = parseTrackingId(text);
        if (id !== undefined) expect(trackingId({ app: id.app, key: objectKey(id) })).toBe(text);
      }),
    );
  });
});

describe("another owner", () => {
  const marked = (app: string, installationId = "") =>
    setTracking(deployment, { appName: app, installationId });
  const ownerFor = (object: KubeObject, installationId = "") =>
    otherOwnerOf(object, { appName: "guestbook", installationId });

  it("is the application whose mark an object carries, unless that is our own", () => {
    expect([deployment, marked("guestbook"), marked("billing")].map((one) => ownerFor(one))).toEqual([
      undefined,
      undefined,
      "billing",
    ]);
  });

  it("may be of another installation, even under our application's name", () => {
    expect(ownerFor(marked("guestbook", "east"))).toBe("guestbook of installation east");
    expect(ownerFor(marked("billing"), "west")).toBe("billing of another installation");
    expect(ownerFor(marked("guestbook", "west"), "west")).toBeUndefined();
  });

  it("is none for what we marked before our installation had an id, and for copied marks", () => {
    expect(ownerFor(marked("guestbook"), "west")).toBeUndefined();
    const copy = { ...marked("billing", "east"), kind: "ReplicaSet" };
    expect(ownerFor(copy)).toBeUndefined();
  });
});
