import { expect, it } from "vitest";
import type { Health, HealthStatus, RolledUpResource } from "./index.ts";
import { ignoresHealth, isWorse, rollUpHealth, worstHealth } from "./index.ts";

const order: readonly HealthStatus[] = [
  "Healthy",
  "Suspended",
  "Progressing",
  "Missing",
  "Degraded",
  "Unknown",
];

function resource(status?: HealthStatus, more: Partial<RolledUpResource> = {}): RolledUpResource {
  return {
    group: "apps",
    kind: "Deployment",
    ...(status === undefined ? {} : { health: { status } }),
    ...more,
  };
}

const child = { group: "argoproj.io", kind: "Application" };

it("orders statuses as Argo CD does", () => {
  const later = order.map((than) => order.filter((status) => isWorse(status, than)));
  expect(later).toEqual(order.map((_, index) => order.slice(index + 1)));
});

it("takes the first of the worst", () => {
  const healths: Health[] = [
    { status: "Progressing" },
    { status: "Degraded", message: "first" },
    { status: "Degraded", message: "second" },
  ];
  expect(worstHealth(healths)).toEqual({ status: "Degraded", message: "first" });
  expect(worstHealth([])).toEqual({ status: "Healthy" });
});

it.each<[string, readonly RolledUpResource[], HealthStatus]>([
  ["an empty Application is Healthy", [], "Healthy"],
  [
    "the worst resource decides",
    [resource("Healthy"), resource("Degraded"), resource("Progressing")],
    "Degraded",
  ],
  ["a kind without a check changes nothing", [resource(), resource("Suspended")], "Suspended"],
  ["one missing resource changes nothing", [resource("Missing"), resource("Healthy")], "Healthy"],
  [
    "a missing resource beside one without a check changes nothing",
    [resource("Missing"), resource()],
    "Healthy",
  ],
  [
    "all resources missing is Missing",
    [resource("Missing"), resource(undefined, { absent: true })],
    "Missing",
  ],
  ["hooks do not count", [resource("Degraded", { hook: true }), resource("Healthy")], "Healthy"],
  [
    "ignored resources do not count",
    [resource("Degraded", { ignored: true }), resource("Healthy")],
    "Healthy",
  ],
  [
    "ignored resources do not keep an Application from being Missing",
    [resource("Healthy", { ignored: true }), resource("Missing")],
    "Missing",
  ],
  [
    "a child Application that is Unknown does not count",
    [resource("Unknown", child), resource("Healthy")],
    "Healthy",
  ],
  [
    "a live child Application that is Missing does not count",
    [resource("Missing", { ...child, absent: false })],
    "Healthy",
  ],
  [
    "a child Application that is Degraded counts",
    [resource("Degraded", child), resource("Healthy")],
    "Degraded",
  ],
  ["an Unknown resource counts", [resource("Unknown"), resource("Degraded")], "Unknown"],
])("%s", (_, resources, status) => {
  expect(rollUpHealth(resources)).toEqual({ status });
});

it("leaves a resource out only when its annotation says true", () => {
  const annotated = (value: string): boolean =>
    ignoresHealth({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { annotations: { "argocd.argoproj.io/ignore-healthcheck": value } },
    });
  expect([annotated("true"), annotated("false"), annotated("")]).toEqual([true, false, false]);
});
