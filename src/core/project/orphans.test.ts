import { describe, expect, it } from "vitest";
import { isOrphan, looksForOrphans, warnsOfOrphans } from "./orphans.ts";
import type { AppProject, AppProjectSpec } from "./types.ts";

function project(spec: AppProjectSpec): AppProject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "shop" }, spec };
}

const stray = (
  kind: string,
  name: string,
  more: { readonly group?: string; readonly namespace?: string } = {},
) => ({
  group: "",
  namespace: "shop",
  ...more,
  kind,
  name,
});
const watching: AppProjectSpec = { orphanedResources: {} };

describe("an object that nobody owns or manages", () => {
  it.each([
    [stray("ConfigMap", "left"), true],
    [stray("ConfigMap", "kube-root-ca.crt"), false],
    [stray("ServiceAccount", "default"), false],
    [stray("ServiceAccount", "builder"), true],
    [stray("Service", "kubernetes", { namespace: "default" }), false],
    [stray("Service", "kubernetes"), true],
    [stray("Endpoints", "left"), false],
  ])("%j is an orphan: %s", (object, expected) => {
    expect(isOrphan(project(watching), object)).toBe(expected);
  });

  it("is none when the project denies or ignores it", () => {
    const ignore = [
      { kind: "Secret", name: "*.example.com" },
      { group: "apps" },
      { group: "batch", kind: "Cron*" },
    ];
    const one = project({
      orphanedResources: { ignore },
      namespaceResourceBlacklist: [{ group: "", kind: "ResourceQuota" }],
    });
    expect(isOrphan(one, stray("Secret", "tls.example.com"))).toBe(false);
    expect(isOrphan(one, stray("Secret", "tls"))).toBe(true);
    expect(isOrphan(one, stray("Deployment", "web", { group: "apps" }))).toBe(false);
    expect(isOrphan(one, stray("CronJob", "night", { group: "batch" }))).toBe(false);
    expect(isOrphan(one, stray("Job", "once", { group: "batch" }))).toBe(true);
    expect(isOrphan(one, stray("ResourceQuota", "small"))).toBe(false);
    const looked = (["Secret", "ResourceQuota", "Endpoints"] as const).map((kind) =>
      looksForOrphans(one, { group: "", kind }),
    );
    expect(looked).toEqual([true, false, false]);
    expect(looksForOrphans(one, { group: "apps", kind: "Deployment" })).toBe(false);
  });

  it("is warned of where the project watches for it and does not say otherwise", () => {
    expect(warnsOfOrphans(project({}))).toBe(false);
    expect(warnsOfOrphans(project(watching))).toBe(true);
    expect(warnsOfOrphans(project({ orphanedResources: { warn: true } }))).toBe(true);
    expect(warnsOfOrphans(project({ orphanedResources: { warn: false } }))).toBe(false);
  });
});
