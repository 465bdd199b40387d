import { beforeAll, describe, expect, it } from "vitest";
import { ApiError, controlPlane, createNamespace } from "../control-plane/fixture.ts";
import { objectOf } from "./cases.ts";
import { CRON, DEPLOYMENT, HPA, INGRESS, POLICY, ROLE, SERVICE, STATEFUL, WEBHOOK } from "./manifests.ts";
import { mutated, randomFrom } from "./random-edits.ts";
import { mergeServer } from "./server.ts";
import type { MergeServer } from "./server.ts";
import { askVerdicts, MANAGER, named } from "./verdicts.ts";
import type { KubeObject } from "#core/object/index.ts";

const SEED = Number(process.env["MOORING_MERGE_SEED"] ?? 1);
const ROUNDS = Number(process.env["MOORING_MERGE_ROUNDS"] ?? 12);

/** Undefined where the server refuses the object: it is invalid, or a field in it may not change. */
async function accepted<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof ApiError && [400, 409, 422, 500].includes(error.status)) return undefined;
    throw error;
  }
}

/** We apply, another applies, or somebody edits. */
function someWrite(server: MergeServer, base: KubeObject, random: () => number): Promise<KubeObject> {
  const object = mutated(base, random);
  const choice = random();
  if (choice < 0.5) return server.apply(object, MANAGER);
  if (choice < 0.75) return server.apply(object, "other");
  const { apiVersion: _v, kind: _k, metadata: _m, ...content } = object;
  return server.update(base, content, "editor");
}

describe("predicting random applies", () => {
  let server: MergeServer;

  beforeAll(async () => {
    const namespace = await createNamespace(controlPlane(), "merge");
    server = mergeServer(controlPlane(), namespace.name);
    return () => namespace[Symbol.asyncDispose]();
  });

  it.each([
    { kind: "Deployment", yaml: DEPLOYMENT },
    { kind: "Service", yaml: SERVICE },
    { kind: "NetworkPolicy", yaml: POLICY },
    { kind: "HorizontalPodAutoscaler", yaml: HPA },
    { kind: "StatefulSet", yaml: STATEFUL },
    { kind: "Ingress", yaml: INGRESS },
    { kind: "CronJob", yaml: CRON },
    { kind: "Role", yaml: ROLE },
    { kind: "ValidatingWebhookConfiguration", yaml: WEBHOOK },
  ])("never misses a change of a $kind", async ({ kind, yaml }) => {
    const random = randomFrom(SEED + kind.length * 1000);
    const base = named(objectOf(yaml), SEED);
    await server.apply(base, MANAGER);
    let compared = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await accepted(() => someWrite(server, base, random));
      const desired: KubeObject = mutated(base, random);
      const verdicts = await accepted(() => askVerdicts(server, desired));
      if (verdicts === undefined) continue;
      compared += 1;
      const { actual, predicted, prediction, answer } = verdicts;
      expect({ round, seed: SEED, ...predicted }).toEqual({ round, seed: SEED, ...actual });
      expect(prediction).toEqual(answer);
    }
    await server.remove(base);
    expect(compared).toBeGreaterThan(0);
  });
});
