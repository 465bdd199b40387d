import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { messageOf } from "#core/errors/index.ts";
import { parseApplication } from "./parse.ts";
import { statusRepair } from "./readable-status.ts";

const spec = {
  project: "default",
  source: { repoURL: "https://git.example/shop.git", path: "web" },
  destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
};

function application(fields: JsonObject) {
  const metadata = { name: "web", namespace: "argocd" };
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata, ...fields };
}

function messageFor(fields: JsonObject): string {
  try {
    parseApplication(application(fields));
  } catch (error) {
    return messageOf(error);
  }
  return "accepted";
}

describe("parseApplication", () => {
  it("gives back the very object when there is nothing to change", () => {
    const object = application({ spec, status: { sync: { status: "Synced" } } });
    expect(parseApplication(object)).toBe(object);
  });

  it("names the field, what was found and the fix", () => {
    const source = { ...spec.source, targetRevision: 1 };
    const syncPolicy = { automated: { prune: "true" }, syncOptions: "Prune=false", retry: { limit: 1.5 } };
    expect(messageFor({ spec: { ...spec, source, syncPolicy } })).toBe(
      "Application/argocd/web: " +
        'spec.source.targetRevision must be a string, found the number 1; put it in quotes: "1"; ' +
        'spec.syncPolicy.automated.prune must be true or false, found the string "true"; remove the quotes; ' +
        "spec.syncPolicy.syncOptions must be a list, found a string; write a list; " +
        "spec.syncPolicy.retry.limit must be a whole number, found the number 1.5; write a whole number",
    );
  });

  it("says what is missing", () => {
    expect(messageFor({ spec: { sources: [{ path: "web" }, null] } })).toBe(
      "Application/argocd/web: spec.sources[0].repoURL is required; add a value; " +
        "spec.sources[1] must be an object, found null; write an object; " +
        "spec.project is required; add a value; spec.destination is required; add an object",
    );
    expect(messageFor({})).toBe("Application/argocd/web: spec is required; add an object");
  });

  it("shows five problems and counts the rest", () => {
    const info = [1, 2, 3, 4, 5, 6, 7];
    expect(messageFor({ spec: { ...spec, info } })).toMatch(
      /spec\.info\[4\] must be an object.*; and 2 more$/u,
    );
  });

  it("never shows text that could be a secret", () => {
    const helm = { valuesObject: "password: hunter2" };
    expect(messageFor({ spec: { ...spec, source: { ...spec.source, helm } } })).not.toContain("hunter2");
  });

  it("refuses another kind and an object without a name", () => {
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web" } };
    expect(() => parseApplication(service)).toThrow("found v1 Service");
    expect(() => parseApplication({ ...application({ spec }), metadata: {} })).toThrow(
      "metadata.name is required",
    );
  });

  it("takes null for absent and keeps fields it does not know", () => {
    const parsed = parseApplication(application({ spec: { ...spec, syncPolicy: null, future: null } }));
    expect(parsed.spec).toEqual({ ...spec, future: null });
  });

  it("takes status words of another version for Unknown, or leaves them out", () => {
    const resources = [{ kind: "Service", name: "web", status: "Pondering" }];
    const parsed = parseApplication(application({ spec, status: { sync: { status: "" }, resources } }));
    expect(parsed.status).toEqual({
      sync: { status: "Unknown" },
      resources: [{ kind: "Service", name: "web" }],
    });
  });

  it("leaves out what cannot be read in a status, and of a list what cannot be read of it", () => {
    const readable = { kind: "Service", name: "web" };
    const status = {
      health: 7,
      sync: { status: "Synced" },
      resources: [1, readable, { kind: 5 }, null],
      history: "none",
      operationState: { phase: "Running", startedAt: "yesterday", operation: {} },
    };
    const object = application({ spec, status });
    expect(parseApplication(object).status).toEqual({ sync: { status: "Synced" }, resources: [readable] });
    expect(statusRepair(object)).toEqual({
      health: null,
      resources: [readable],
      history: null,
      operationState: null,
    });
    expect(statusRepair(application({ spec, status: { sync: { status: "Synced" } } }))).toBeUndefined();
    expect(messageFor({ spec: { ...spec, project: 1 }, status })).toBe(
      'Application/argocd/web: spec.project must be a string, found the number 1; put it in quotes: "1"',
    );
  });

  it("checks names that JavaScript objects inherit like any other field", () => {
    expect(messageFor({ spec: { ...spec, constructor: 1, toString: "x" } })).toBe("accepted");
  });
});
