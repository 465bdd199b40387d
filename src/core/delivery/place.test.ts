import { describe, expect, it } from "vitest";
import type { Delivery } from "./delivery.ts";
import { imageMatcher, isImageText } from "./image-matcher.ts";
import { pathFinder } from "./path-finder.ts";
import type { AppFacts } from "./place.ts";
import { placeCommit, placeImage } from "./place.ts";

const facts: AppFacts = {
  deployed: "c2",
  wanted: "c2",
  follows: "main",
  health: "Healthy",
  isAutomated: true,
  trouble: "",
  operation: undefined,
};

const applied = (revision: string, atMs: number, more: Partial<Delivery> = {}): Delivery => ({
  revision,
  appliedMs: atMs,
  healthyMs: atMs,
  ...more,
});

/** Where `c2` of `c1`, `c2`, `c3` is. */
const place = (
  changed: Partial<AppFacts>,
  deliveries: readonly Delivery[],
  touches: boolean | undefined = true,
) => {
  const { state, note, delivery } = placeCommit({
    commit: "c2",
    facts: { ...facts, ...changed },
    deliveries,
    source: 0,
    isWithin: (revision) => (revision === "lost" ? undefined : revision >= "c2"),
    touches,
    reads: "apps/web",
  });
  return [state, note, delivery?.revision];
};

describe("a commit", () => {
  it("is where it is deployed, or what comes after it is, with what brought it", () => {
    expect(place({}, [applied("c2", 20), applied("c1", 10)])).toEqual(["healthy", "", "c2"]);
    expect(place({ deployed: "c3" }, [applied("c3", 30), applied("c2", 20), applied("c1", 10)])).toEqual([
      "healthy",
      "",
      "c2",
    ]);
    expect(place({ deployed: "c3", health: "Degraded" }, [applied("c3", 30), applied("c1", 10)])).toEqual([
      "degraded",
      "",
      "c3",
    ]);
  });

  it("may have been superseded before it was healthy", () => {
    const deliveries = [applied("c3", 30), applied("c2", 20, { healthyMs: undefined }), applied("c1", 10)];
    const note = "it was superseded by c3 before it was healthy";
    expect(place({ deployed: "c3" }, deliveries)).toEqual(["healthy", note, "c2"]);
  });

  it("is no more where it was rolled back", () => {
    const back = applied("c1", 30, { isRollback: true });
    expect(place({ deployed: "c1" }, [back, applied("c2", 20), applied("c1", 10)])).toEqual([
      "replaced",
      "it was rolled back to c1",
      "c2",
    ]);
  });

  it("is brought by the newer of two deliveries of one second", () => {
    expect(place({}, [applied("c2", 10), applied("c1", 10)])).toEqual(["healthy", "", "c2"]);
  });

  it("waits, and says what for", () => {
    const before = [applied("c1", 10)];
    const pending = { deployed: "c1" };
    const failed = { revision: "c2", phase: "Failed", message: "Deployment/web: is immutable" };
    expect(place(pending, before)).toEqual(["waiting", "it waits for the automated sync", undefined]);
    expect(place({ ...pending, isAutomated: false }, before)[1]).toContain("automated sync is off");
    expect(place({ ...pending, trouble: "no cluster" }, before)[1]).toBe("no cluster");
    expect(place({ ...pending, operation: failed }, before)).toEqual(["failed", failed.message, undefined]);
    expect(place({ ...pending, operation: { ...failed, phase: "Running" } }, before)[0]).toBe("applying");
  });

  it("is not where the branch does not have it, or where it changes nothing, or nobody knows", () => {
    const old = { deployed: "c1", wanted: "c1" };
    expect(place(old, [])).toEqual(["absent", "main is at c1, which does not contain it", undefined]);
    expect(place({}, [applied("c3", 10)], false)[0]).toBe("unchanged");
    // Whatever its declaration says: it was delivered with this very commit.
    expect(place({}, [applied("c2", 10)], false)[0]).toBe("healthy");
    expect(place({ deployed: undefined, wanted: "lost" }, [])[0]).toBe("unknown");
    expect(place({ deployed: undefined, wanted: undefined }, [])[0]).toBe("unknown");
  });
});

describe("an image", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const matches = imageMatcher("nginx:2") ?? (() => false);
  const of = (running: readonly string[], deliveries: readonly Delivery[]) =>
    placeImage({ facts, deliveries, running, matches });

  it("came with the first delivery since which it runs", () => {
    const deliveries = [
      applied("c3", 30, { images: ["docker.io/library/nginx:2", "side:1"] }),
      applied("c2", 20, { images: ["docker.io/library/nginx:2"] }),
      applied("c1", 10, { images: ["nginx:1"] }),
    ];
    expect(of(["docker.io/library/nginx:2"], deliveries)).toMatchObject({
      state: "healthy",
      delivery: { revision: "c2" },
    });
    expect(of(["nginx:3"], [applied("c4", 40, { images: ["nginx:3"] }), ...deliveries])).toMatchObject({
      state: "replaced",
      note: "it was replaced by c4",
    });
    expect(of(["nginx:2"], [])).toMatchObject({ note: "nothing is kept of what brought it" });
    expect(of(["nginx:3"], [])).toBeUndefined();
  });

  it("is asked for by name, tag or digest", () => {
    const match = (asked: string, image: string) => imageMatcher(asked)?.(image);
    expect(match("nginx", "nginx:1")).toBe(true);
    expect(match("nginx:1", `docker.io/library/nginx:1@${digest}`)).toBe(true);
    expect(match(`nginx@${digest}`, `nginx:1@${digest}`)).toBe(true);
    expect(match(`nginx@${digest}`, "nginx:1")).toBe(false);
    expect(match("nginx:1", "other/nginx:1")).toBe(false);
    expect(imageMatcher("Not:An:Image")).toBeUndefined();
    expect(
      ["nginx:1", "ghcr.io/a/b", "main", "feature/x", "0a1b2c3"].map((text) => isImageText(text)),
    ).toEqual([true, true, false, false, false]);
  });
});

it("tells whether a change is of a path, below it, or anywhere", () => {
  const touches = pathFinder(["apps/web/base/all.yaml", "README.md"]);
  expect(["apps/web", "apps/web/base/all.yaml", "", "README.md"].map((path) => touches([path]))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(touches(["apps/we", "apps/web/over"])).toBe(false);
  expect(pathFinder([])([""])).toBe(false);
});
