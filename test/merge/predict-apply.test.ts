import { beforeAll, describe, expect, it } from "vitest";
import { controlPlane, createNamespace, eventually } from "../control-plane/fixture.ts";
import { CASES, edited, objectOf } from "./cases.ts";
import type { Case } from "./cases.ts";
import { MORE_CASES } from "./more-cases.ts";
import { CRD } from "./manifests.ts";
import { mergeServer } from "./server.ts";
import type { MergeServer } from "./server.ts";
import { askVerdicts, MANAGER, named } from "./verdicts.ts";
import { normalizeDesired } from "#core/compare/index.ts";

async function prepare(server: MergeServer, { before, others = [] }: Case, index: number): Promise<void> {
  const object = named(normalizeDesired(objectOf(before)), index);
  await server.apply(object, MANAGER);
  for (const { manager, apply, patch } of others) {
    if (apply !== undefined) await server.apply(named(objectOf(apply), index), manager);
    if (patch !== undefined) await server.update(object, patch, manager);
  }
}

describe("predicting an apply", () => {
  let server: MergeServer;

  beforeAll(async () => {
    const namespace = await createNamespace(controlPlane(), "merge");
    server = mergeServer(controlPlane(), namespace.name);
    await server.apply(objectOf(CRD), "test");
    await eventually(async () => {
      server.forgetSchemas();
      expect(
        await server.schemaOf(objectOf("{ apiVersion: merge.example.com/v1, kind: Widget }")),
      ).toBeDefined();
    });
    return async () => {
      await server.remove(objectOf(CRD));
      await namespace[Symbol.asyncDispose]();
    };
  });

  it.for([...CASES, ...MORE_CASES].map((entry, index) => ({ ...entry, index })))("$title", async (entry) => {
    await prepare(server, entry, entry.index);
    const desired = named(normalizeDesired(edited(objectOf(entry.before), entry.edits)), entry.index);
    const first = await askVerdicts(server, desired);
    if (entry.approximate === "verdict") expect(first.predicted).toEqual({ ...first.actual, changed: true });
    else expect(first.predicted).toEqual(first.actual);
    if (entry.approximate === undefined) expect(first.prediction).toEqual(first.answer);
    await server.apply(desired, MANAGER);
    const second = await askVerdicts(server, desired);
    expect(second.predicted).toEqual(second.actual);
    await server.discard(desired);
  });
});
