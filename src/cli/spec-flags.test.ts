import { describe, expect, it } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { defineCommand, noArgs } from "./command.ts";
import type { Invocation } from "./command.ts";
import { parseInvocation } from "./parse.ts";
import { applySpecFlags, specFlags } from "./spec-flags.ts";

const command = defineCommand({
  name: "t",
  summary: "t",
  args: noArgs,
  flags: specFlags,
  run: () => Promise.resolve(0),
});

function applied(spec: JsonObject, ...argv: readonly string[]): unknown {
  const { flags } = parseInvocation(command, argv) as unknown as Invocation<typeof specFlags>;
  try {
    return JSON.parse(JSON.stringify(applySpecFlags(spec, flags)));
  } catch (error) {
    return messageOf(error);
  }
}

const base = {
  project: "shop",
  source: { repoURL: "https://git.example.com/shop.git", path: "web" },
  destination: { server: "https://a", namespace: "shop" },
  syncPolicy: {
    automated: { prune: true, enabled: false },
    syncOptions: ["CreateNamespace=true", "Prune=false"],
  },
};

describe("spec flags", () => {
  it("write a whole spec", () => {
    const flags =
      "--repo r --path p --revision main --project shop --dest-name hub --dest-namespace ns --sync-policy auto --self-heal --sync-retry-limit 3 --directory-recurse";
    expect(applied({}, ...flags.split(" "))).toEqual({
      project: "shop",
      source: { repoURL: "r", path: "p", targetRevision: "main", directory: { recurse: true } },
      destination: { name: "hub", namespace: "ns" },
      syncPolicy: {
        automated: { selfHeal: true },
        retry: { limit: 3, backoff: { duration: "5s", factor: 2, maxDuration: "3m0s" } },
      },
    });
  });

  it("leave alone what they do not name", () => {
    expect(applied(base)).toEqual(base);
  });

  it("name the cluster one way at a time", () => {
    expect(applied(base, "--dest-name", "hub")).toEqual({
      ...base,
      destination: { name: "hub", namespace: "shop" },
    });
  });

  it("add, replace and remove sync options", () => {
    expect(
      applied(
        base,
        "--sync-option",
        "Prune=confirm",
        "--sync-option",
        "!CreateNamespace=true",
        "--sync-option",
        "Replace=true",
      ),
    ).toEqual({
      ...base,
      syncPolicy: { ...base.syncPolicy, syncOptions: ["Prune=confirm", "Replace=true"] },
    });
  });

  it("turn automated sync off whole, and on again where it was disabled", () => {
    expect(applied(base, "--sync-policy", "none")).toEqual({
      ...base,
      syncPolicy: { syncOptions: base.syncPolicy.syncOptions },
    });
    expect(applied(base, "--sync-policy", "automated")).toEqual({
      ...base,
      syncPolicy: { ...base.syncPolicy, automated: { prune: true } },
    });
  });

  it("refuse settings of automated sync without it", () => {
    expect(applied({}, "--self-heal")).toBe(
      "flags --auto-prune, --self-heal and --allow-empty are about automated syncs; add --sync-policy automated",
    );
  });

  it("change the only one of several sources, and refuse to guess among more", () => {
    expect(applied({ sources: [{ repoURL: "a" }] }, "--path", "p")).toMatchObject({
      sources: [{ repoURL: "a", path: "p" }],
    });
    expect(applied({ sources: [{ repoURL: "a" }, { repoURL: "b" }] }, "--path", "p")).toBe(
      "flags change one source and the application has several; say which with --source-position or --source-name",
    );
  });
});
