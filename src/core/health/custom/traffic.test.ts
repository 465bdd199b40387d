import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { assessHealth } from "../assess.ts";
import type { Example } from "./example.ts";
import { condition, conditions, healthOf, objectOf, status, titled } from "./example.ts";

/** What one parent says of a route. */
function parent(name: string, ...all: readonly JsonObject[]): JsonObject {
  return { parentRef: { name, kind: "Gateway" }, controllerName: "example.com/gateway", conditions: all };
}

const attached = { parentRefs: [{ name: "public" }] };

const at = (generation: number, found: JsonObject): JsonObject => ({
  ...found,
  observedGeneration: generation,
});

const examples: Example[] = [
  [
    "gateway.networking.k8s.io/v1 GatewayClass",
    conditions(condition("Accepted", "Unknown", "Pending", "Waiting for controller")),
    "Progressing",
    "Waiting for controller",
  ],
  [
    "gateway.networking.k8s.io/v1 GatewayClass",
    conditions(condition("Accepted", "False", "InvalidParameters", "no such ConfigMap")),
    "Degraded",
    "no such ConfigMap",
  ],
  ["gateway.networking.k8s.io/v1 Gateway", {}, "Progressing", "Waiting for condition Programmed"],
  [
    "gateway.networking.k8s.io/v1 Gateway",
    conditions(
      condition("Accepted", "True", "Accepted"),
      condition("Programmed", "False", "AddressNotAssigned", "no addresses yet"),
    ),
    "Progressing",
    "no addresses yet",
  ],
  [
    "gateway.networking.k8s.io/v1 Gateway",
    status({
      conditions: [condition("Accepted", "True", "Accepted"), condition("Programmed", "True", "Programmed")],
      listeners: [
        {
          name: "https",
          conditions: [condition("ResolvedRefs", "False", "InvalidCertificateRef", "secret not found")],
        },
      ],
    }),
    "Degraded",
    "listener https: secret not found",
  ],
  [
    "gateway.networking.k8s.io/v1 Gateway",
    status({
      conditions: [condition("Accepted", "True", "Accepted"), condition("Programmed", "True", "Programmed")],
      listeners: [
        {
          name: "http",
          conditions: [
            condition("Conflicted", "False", "NoConflicts"),
            condition("Programmed", "True", "Programmed"),
          ],
        },
      ],
    }),
    "Healthy",
  ],
  [
    "gateway.networking.k8s.io/v1 HTTPRoute",
    { spec: attached },
    "Progressing",
    "Waiting for status.parents to accept it",
  ],
  ["gateway.networking.k8s.io/v1 HTTPRoute", { spec: {} }, "none"],
  [
    "gateway.networking.k8s.io/v1 HTTPRoute",
    {
      spec: attached,
      status: {
        parents: [
          parent(
            "public",
            at(2, condition("Accepted", "True", "Accepted")),
            at(2, condition("ResolvedRefs", "False", "BackendNotFound", "service web not found")),
          ),
        ],
      },
    },
    "Degraded",
    "Gateway/public: service web not found",
  ],
  [
    "gateway.networking.k8s.io/v1 HTTPRoute",
    {
      spec: attached,
      status: { parents: [parent("public", at(1, condition("Accepted", "True", "Accepted")))] },
    },
    "Progressing",
    "Waiting for status.parents to accept it",
  ],
  [
    "gateway.networking.k8s.io/v1 GRPCRoute",
    {
      spec: attached,
      status: {
        parents: [
          parent(
            "public",
            at(2, condition("Accepted", "True", "Accepted")),
            at(2, condition("ResolvedRefs", "True", "ResolvedRefs")),
          ),
        ],
      },
    },
    "Healthy",
  ],
  [
    "gateway.envoyproxy.io/v1alpha1 SecurityPolicy",
    status({
      ancestors: [
        {
          ancestorRef: { kind: "Gateway", name: "public" },
          conditions: [condition("Accepted", "False", "TargetNotFound", "no such route")],
        },
      ],
    }),
    "Degraded",
    "Gateway/public: no such route",
  ],
  [
    "gateway.networking.k8s.io/v1 BackendTLSPolicy",
    status({
      ancestors: [
        {
          ancestorRef: { kind: "Gateway", name: "public" },
          conditions: [condition("Accepted", "True", "Accepted")],
        },
      ],
    }),
    "Healthy",
  ],
  ["networking.istio.io/v1 VirtualService", {}, "none"],
  [
    "networking.istio.io/v1 VirtualService",
    conditions(condition("PassedAnalysis", "False", "ErrorsFound", "referenced host not found")),
    "Degraded",
    "referenced host not found",
  ],
  [
    "install.istio.io/v1alpha1 IstioOperator",
    status({ status: "RECONCILING" }),
    "Progressing",
    "status.status is RECONCILING",
  ],
  [
    "install.istio.io/v1alpha1 IstioOperator",
    status({ status: "HEALTHY" }),
    "Healthy",
    "status.status is HEALTHY",
  ],
  [
    "projectcontour.io/v1 HTTPProxy",
    status({ currentStatus: "invalid", description: "Spec.Routes is empty" }),
    "Degraded",
    "Spec.Routes is empty",
  ],
  [
    "projectcontour.io/v1 HTTPProxy",
    status({ currentStatus: "valid", description: "Valid HTTPProxy" }),
    "Healthy",
    "Valid HTTPProxy",
  ],
  ["gateway.solo.io/v1 VirtualService", {}, "Progressing", "Waiting for status.state"],
  ["gateway.solo.io/v1 VirtualService", status({ state: 1 }), "Healthy"],
  [
    "gloo.solo.io/v1 Upstream",
    status({ statuses: { "gloo-system": { state: "Rejected", reason: "no such service" } } }),
    "Degraded",
    "no such service",
  ],
  [
    "cilium.io/v2 CiliumNetworkPolicy",
    conditions(condition("Valid", "False", "", "bad selector")),
    "Degraded",
    "bad selector",
  ],
  ["consul.hashicorp.com/v1alpha1 ServiceDefaults", conditions(condition("Synced", "True", "")), "Healthy"],
];

it.each(titled(examples))("%s is %s", (type, _, example) => {
  expect(assessHealth(objectOf(type, example[1]))).toEqual(healthOf(example));
});
