import { describe, expect, it } from "vitest";
import type { KubeObject, StringMap } from "#core/object/index.ts";
import {
  viewAnnotationProblems,
  viewCompareOptions,
  viewHooks,
  viewSyncOptions,
  viewSyncWave,
} from "./index.ts";

function annotated(annotations: StringMap): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", annotations } };
}

describe("sync waves", () => {
  it.each<[string, StringMap, number]>([
    ["nothing", {}, 0],
    ["a negative wave", { "argocd.argoproj.io/sync-wave": "-5" }, -5],
    ["a signed zero", { "argocd.argoproj.io/sync-wave": "-0" }, 0],
    ["a Helm weight", { "helm.sh/hook": "pre-install", "helm.sh/hook-weight": "3" }, 3],
    ["a wave over a weight", { "argocd.argoproj.io/sync-wave": "1", "helm.sh/hook-weight": "3" }, 1],
    ["text", { "argocd.argoproj.io/sync-wave": "first" }, 0],
    ["a fraction", { "argocd.argoproj.io/sync-wave": "1.5" }, 0],
    ["a number too large to be exact", { "argocd.argoproj.io/sync-wave": "99999999999999999999" }, 0],
  ])("reads %s", (_, annotations, wave) => {
    expect(viewSyncWave(annotated(annotations))).toBe(wave);
  });
});

describe("sync options", () => {
  it("reads every option of an object and keeps what it does not know", () => {
    const value =
      " Prune=confirm, Delete=false,Validate=false,SkipDryRunOnMissingResource=true,Replace=true,Force=true," +
      "ServerSideApply=false,PruneLast=true,prune=false,CreateNamespace=true,Replace=yes,,Replace=true";
    expect(viewSyncOptions(annotated({ "argocd.argoproj.io/sync-options": value }))).toEqual({
      prune: "confirm",
      delete: "disabled",
      validate: false,
      skipDryRunOnMissingResource: true,
      replace: true,
      force: true,
      serverSideApply: false,
      pruneLast: true,
      unknown: ["prune=false", "CreateNamespace=true", "Replace=yes"],
    });
  });

  it("says nothing for an object without options", () => {
    expect(viewSyncOptions(annotated({}))).toEqual({ prune: "allowed", delete: "allowed", unknown: [] });
  });

  it.each(["Prune=false,Prune=true", "Prune=true,Prune=false", "Prune=confirm,Prune=false"])(
    "keeps the object when entries disagree: %s",
    (value) => {
      expect(viewSyncOptions(annotated({ "argocd.argoproj.io/sync-options": value })).prune).toBe("disabled");
    },
  );

  it("keeps what Helm's resource policy keeps", () => {
    const object = annotated({
      "helm.sh/resource-policy": "keep",
      "argocd.argoproj.io/sync-options": "Prune=true",
    });
    expect(viewSyncOptions(object)).toEqual({ prune: "disabled", delete: "disabled", unknown: [] });
  });
});

describe("hooks", () => {
  it("takes an object without hook annotations as a resource", () => {
    expect(viewHooks(annotated({ "argocd.argoproj.io/hook-delete-policy": "HookFailed" }))).toEqual({
      isHook: false,
      types: [],
      unknown: [],
      deletePolicies: [],
      unknownDeletePolicies: [],
    });
  });

  it("reads several types and policies", () => {
    const object = annotated({
      "argocd.argoproj.io/hook": "PreSync, PostSync",
      "argocd.argoproj.io/hook-delete-policy": "HookSucceeded,HookFailed",
    });
    expect(viewHooks(object)).toEqual({
      isHook: true,
      types: ["PreSync", "PostSync"],
      unknown: [],
      deletePolicies: ["HookSucceeded", "HookFailed"],
      unknownDeletePolicies: [],
    });
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ["pre-install,pre-upgrade", ["PreSync"], []],
    ["post-install,post-upgrade", ["PostSync"], []],
    ["pre-delete", ["PreDelete"], []],
    ["post-delete", ["PostDelete"], []],
    ["pre-install,post-install,pre-rollback", ["PreSync", "PostSync"], ["pre-rollback"]],
    ["test", ["Skip"], []],
    ["test-success", ["Skip"], []],
  ])("reads the Helm hook %s", (value, types, unknown) => {
    expect(viewHooks(annotated({ "helm.sh/hook": value }))).toEqual({
      isHook: true,
      types,
      unknown,
      deletePolicies: ["BeforeHookCreation"],
      unknownDeletePolicies: [],
    });
  });

  it("applies a CRD that Helm 2 marked as a hook as a resource", () => {
    expect(viewHooks(annotated({ "helm.sh/hook": "crd-install" })).isHook).toBe(false);
  });

  it("prefers Argo CD's annotations, each on its own", () => {
    const object = annotated({
      "argocd.argoproj.io/hook": "Sync",
      "helm.sh/hook": "pre-install",
      "helm.sh/hook-delete-policy": "hook-succeeded,before-hook-creation",
    });
    expect(viewHooks(object)).toEqual({
      isHook: true,
      types: ["Sync"],
      unknown: [],
      deletePolicies: ["HookSucceeded", "BeforeHookCreation"],
      unknownDeletePolicies: [],
    });
  });

  it("keeps an object with a misspelt hook from being applied as a resource", () => {
    expect(viewHooks(annotated({ "argocd.argoproj.io/hook": "Presync" }))).toMatchObject({
      isHook: true,
      types: [],
      unknown: ["Presync"],
    });
  });
});

it("reads compare options", () => {
  const value = "IgnoreExtraneous,ServerSideDiff=true,IncludeMutationWebhook=true,Fast";
  expect(viewCompareOptions(annotated({ "argocd.argoproj.io/compare-options": value }))).toEqual({
    ignoreExtraneous: true,
    serverSideDiff: true,
    includeMutationWebhook: true,
    unknown: ["Fast"],
  });
  expect(
    viewCompareOptions(annotated({ "argocd.argoproj.io/compare-options": "ServerSideDiff=false" })),
  ).toEqual({
    ignoreExtraneous: false,
    serverSideDiff: false,
    includeMutationWebhook: false,
    unknown: [],
  });
});

it("says what is wrong in each annotation", () => {
  const object = annotated({
    "argocd.argoproj.io/sync-wave": "first",
    "argocd.argoproj.io/hook": "Presync",
    "argocd.argoproj.io/hook-delete-policy": "Never",
    "argocd.argoproj.io/sync-options": "prune=false",
    "argocd.argoproj.io/compare-options": "Fast",
  });
  expect(viewAnnotationProblems(object).join("\n")).toMatchInlineSnapshot(`
    "annotation argocd.argoproj.io/sync-wave: "first" is not a whole number; wave 0 is used
    annotation argocd.argoproj.io/hook: "Presync" is not a hook that a sync runs; the object is never applied
    annotation argocd.argoproj.io/hook-delete-policy: "Never" is not a delete policy and is ignored
    annotation argocd.argoproj.io/sync-options: "prune=false" has no meaning on an object and is ignored
    annotation argocd.argoproj.io/compare-options: "Fast" is unknown and is ignored"
  `);
  expect(viewAnnotationProblems(annotated({ "helm.sh/hook": "post-install,pre-rollback" }))).toEqual([
    'annotation helm.sh/hook: "pre-rollback" is not a hook that a sync runs',
  ]);
  expect(viewAnnotationProblems(annotated({ "argocd.argoproj.io/sync-wave": "2" }))).toEqual([]);
});
