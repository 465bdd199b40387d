import { describe, expect, it } from "vitest";
import { declared, manifestOf, sidesAt, sidesOf } from "./object-state.ts";

const config = (data: object, namespace?: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", ...(namespace === undefined ? {} : { namespace }) },
  data,
});

describe("what a sync makes of an object", () => {
  it("leaves out what the server writes by itself", () => {
    const metadata = { name: "a", generation: 3, uid: "x", resourceVersion: "9", labels: { a: "b" } };
    expect(declared({ kind: "Service", metadata, status: { ready: true } })).toEqual({
      kind: "Service",
      metadata: { name: "a", labels: { a: "b" } },
    });
    expect(declared(undefined)).toBeUndefined();
  });

  it("is the predicted object, and of a hook its manifest", () => {
    const [live, next] = [config({ x: "1" }), config({ x: "2" })];
    const item = {
      normalizedLiveState: JSON.stringify(live),
      predictedLiveState: JSON.stringify(next),
      targetState: JSON.stringify(next),
    };
    expect(sidesOf(item)).toEqual({ before: live, after: next });
    expect(sidesOf({ ...item, hook: true })).toEqual({ before: undefined, after: next });
  });

  it("is at another revision compared with what Git wants now", () => {
    const [now, then] = [config({ x: "1" }), config({ x: "2" })];
    const item = { targetState: JSON.stringify(now), liveState: JSON.stringify(config({ x: "by hand" })) };
    expect(sidesAt(item, then)).toEqual({ before: now, after: then });
    expect(sidesAt({ targetState: JSON.stringify(now), liveState: "null" }, then).before).toBeUndefined();
  });

  it("is found among manifests by what it is, in its namespace if they say one", () => {
    const manifests = [config({ x: "1" }, "other"), config({ x: "2" })].map((one) => JSON.stringify(one));
    expect(manifestOf(manifests, "/ConfigMap/shop/a")).toEqual(config({ x: "2" }));
    expect(manifestOf(manifests, "/ConfigMap/other/a")).toEqual(config({ x: "1" }, "other"));
    expect(manifestOf(manifests, "/Secret/shop/a")).toBeUndefined();
  });
});
