import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewPath } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { Cluster } from "#ports/cluster.ts";
import { formatTime } from "#runtime/clock.ts";
import { eventually } from "../control-plane/eventually.ts";

const namespace = "argocd";
const inMinutes = (minutes: number): string => formatTime(Date.now() + minutes * 60_000);
const digest = `sha256:${"3fa1c2e9".repeat(8)}`;

interface Furnished {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

interface ToldAutomation {
  readonly name: string;
  readonly spec?: JsonObject;
  readonly ready: readonly [status: "True" | "False", reason: string, message: string];
  readonly status?: JsonObject;
}

/** An automation that the controller has looked at once, with another status as it writes them: it has nothing to do for half a day then. */
export async function createAutomation(
  up: Furnished,
  { name, spec = {}, ready: [status, reason, message], status: more = {} }: ToldAutomation,
): Promise<void> {
  const options = { fieldManager: "test", signal: up.signal } as const;
  const object: KubeObject = {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "ImageAutomation",
    metadata: { name, namespace },
    spec: {
      interval: "12h",
      git: { repoURL: "https://git.invalid/shop.git", branch: "main" },
      images: [{ image: "registry.invalid/acme/web", semver: ">=1.2 <2" }],
      ...spec,
    },
  };
  const ref = { type: hubTypes.imageAutomation, namespace, name };
  await up.cluster.create(hubTypes.imageAutomation, object, options);
  await untilLookedAt(up, name);
  const condition = { type: "Ready", status, reason, message, lastTransitionTime: inMinutes(-90) };
  const told: JsonObject = {
    conditions: [condition],
    images: [{ image: "registry.invalid/acme/web", tag: "1.10.0" }],
    lastScan: inMinutes(-3),
    nextScan: inMinutes(60),
    ...more,
  };
  await up.cluster.mergePatch(ref, { status: told }, { ...options, subresource: "status" });
}

async function untilLookedAt(up: Furnished, name: string): Promise<void> {
  await eventually(
    async () => {
      const ref = { type: hubTypes.imageAutomation, namespace, name };
      const object = await up.cluster.read(ref, up.signal);
      if (viewPath(object, "status", "observedGeneration") === undefined)
        throw new Error(`ImageAutomation ${name}: was not looked at yet`);
    },
    { timeoutMs: 60_000 },
  );
}

/** One of each state. */
export async function furnishImages(up: Furnished): Promise<void> {
  await createAutomation(up, {
    name: "shop-dev",
    ready: ["True", "Written", "wrote registry.invalid/acme/web:1.10.0"],
    status: {
      lastCommit: "5b1e0aa6d0c1".padEnd(40, "0"),
      images: [
        { image: "registry.invalid/acme/web", tag: "1.10.0" },
        {
          image: "registry.invalid/acme/api",
          policy: "apps:api",
          tag: "main-3fa1c2e-1764577312",
          digest,
        },
      ],
    },
  });
  await createAutomation(up, {
    name: "shop-proposed",
    ready: ["True", "Proposed", "asked for at https://github.com/acme/shop/pull/42"],
    status: {
      proposals: [{ branch: "bump/shop", change: "a", url: "https://github.com/acme/shop/pull/42" }],
    },
  });
  await createAutomation(up, {
    name: "shop-frozen",
    ready: ["False", "Held", "stage prod of pipeline storefront is frozen: the books are closed"],
  });
  await createAutomation(up, {
    name: "shop-flapping",
    ready: ["False", "Flapping", "somebody took back what was written three times within an hour"],
  });
  await createAutomation(up, {
    name: "shop-broken",
    ready: ["False", "ImagesFailed", "registry.invalid/acme/web: the registry does not answer"],
    status: {
      images: [
        {
          image: "registry.invalid/acme/web",
          problem: "registry.invalid/acme/web: the registry does not answer",
        },
      ],
    },
  });
  await createAutomation(up, {
    name: "shop-quiet",
    spec: { suspend: true },
    ready: ["True", "Suspended", "spec.suspend is set"],
  });
}
