import { beforeAll, describe, expect, it } from "vitest";
import { controlPlane } from "../control-plane/fixture.ts";
import { objectOf } from "./cases.ts";
import { createGadgetNamespace } from "./gadget-namespace.ts";
import { CONFIG, DEPLOYMENT, SERVICE } from "./manifests.ts";
import { randomFrom } from "./random-edits.ts";
import { fragmentOf, patchOf } from "./random-fragments.ts";
import { named } from "./verdicts.ts";
import { GADGET, SECRET } from "./write-manifests.ts";
import type { Write } from "./writes.ts";
import { writeScript } from "./writes.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";

const SEED = Number(process.env["MOORING_MERGE_SEED"] ?? 1);
const ROUNDS = Number(process.env["MOORING_MERGE_ROUNDS"] ?? 25);
const MANAGERS = ["ann", "bob", "kubectl", "kubectl-client-side-apply"];
const STATUS: Readonly<Record<string, JsonValue>> = {
  Deployment: { collisionCount: 1 },
  Gadget: { phase: "Ready", conditions: [{ type: "A", state: "x" }, { type: "B" }] },
};

function someWrite(base: KubeObject, random: () => number): Write {
  const by = MANAGERS[Math.floor(random() * MANAGERS.length)] ?? "";
  const choice = random();
  const apply = JSON.stringify(fragmentOf(base, random));
  if (choice < 0.35) return { by, apply };
  if (choice < 0.55) return { by, force: true, apply };
  const patch = JSON.stringify(patchOf(base, random));
  if (choice < 0.7) return { by, merge: patch };
  if (choice < 0.8) return { by, put: patch };
  const status = STATUS[base.kind];
  if (status !== undefined) {
    const whole = { ...base, metadata: { ...base.metadata, labels: { z: by } }, spec: undefined, status };
    const partial = JSON.stringify(fragmentOf(whole, random));
    if (choice < 0.85) return { by, subresource: "status", apply: partial, force: random() < 0.5 };
    if (choice < 0.9) return { by, subresource: "status", merge: partial };
  }
  return base.kind === "Gadget" ? { by, merge: patch } : { by, strategic: patch };
}

describe("random writes leave what the API server leaves", () => {
  let namespace = "";

  beforeAll(async () => {
    const created = await createGadgetNamespace("random");
    namespace = created.name;
    return () => created[Symbol.asyncDispose]();
  });

  it.each([
    { kind: "ConfigMap", yaml: CONFIG },
    { kind: "Secret", yaml: SECRET },
    { kind: "Service", yaml: SERVICE },
    { kind: "Deployment", yaml: DEPLOYMENT },
    { kind: "Gadget", yaml: GADGET },
  ])("$kind", async ({ kind, yaml }) => {
    const random = randomFrom(SEED + kind.length * 1000);
    const base = named(objectOf(yaml), SEED);
    const script = writeScript({ access: controlPlane(), namespace, object: base });
    await script.write({ by: "creator", ...(random() < 0.5 ? { create: yaml } : { apply: yaml }) });
    for (let round = 0; round < ROUNDS; round += 1) {
      if (random() < 0.7) await script.age();
      const write = someWrite(base, random);
      const { actual, expected } = await script.write(write);
      expect({ round, seed: SEED, write, ...expected }).toEqual({ round, seed: SEED, write, ...actual });
    }
  });
});
