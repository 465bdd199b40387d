import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { type Defaulter, fill, filling, isUnset, open } from "./draft.ts";

const rbac = "io.k8s.api.rbac.v1.";
const networking = "io.k8s.api.networking.v1.";
const storage = "io.k8s.api.storage.v1.";
const admission = "io.k8s.api.admissionregistration.v1.";
const flowcontrol = "io.k8s.api.flowcontrol.v1.";
const extensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

const rbacGroup = "rbac.authorization.k8s.io";
const matching: JsonObject = { matchPolicy: "Equivalent", namespaceSelector: {}, objectSelector: {} };
const webhook: JsonObject = { ...matching, failurePolicy: "Fail", timeoutSeconds: 10 };

const definitionSpec: Defaulter = (draft) => {
  const names = open(draft, "names");
  const kind = viewString(names, "kind") ?? "";
  fill(names, { singular: kind.toLowerCase() });
  if (kind !== "") fill(names, { listKind: `${kind}List` });
  fill(draft, { conversion: { strategy: "None" } });
};

/** A definition's status knows its storage version from the start. */
const definition: Defaulter = (draft) => {
  const stored = viewArray(draft, "spec", "versions").find((version) => isStorage(version as JsonObject));
  const status = open(draft, "status");
  if (stored === undefined || viewArray(status, "storedVersions").length > 0) return;
  status["storedVersions"] = [viewString(stored, "name") ?? ""];
};

function isStorage(version: JsonObject): boolean {
  return version["storage"] === true;
}

/** Defaults of access rules, networking, storage, admission and definitions. */
export const otherDefaults: Readonly<Record<string, Defaulter>> = {
  [`${rbac}RoleRef`]: filling({ apiGroup: rbacGroup }),
  [`${rbac}Subject`]: (draft) => {
    if (draft["kind"] === "User" || draft["kind"] === "Group") fill(draft, { apiGroup: rbacGroup });
  },
  [`${networking}NetworkPolicyPort`]: filling({ protocol: "TCP" }),
  [`${networking}NetworkPolicySpec`]: (draft) => {
    if (viewArray(draft, "policyTypes").length > 0) return;
    draft["policyTypes"] = viewArray(draft, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  },
  [`${networking}IngressClassParametersReference`]: filling({ scope: "Cluster" }),
  [`${storage}StorageClass`]: filling({ reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }),
  [`${storage}CSIDriverSpec`]: (draft) => {
    fill(draft, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: "ReadWriteOnceWithFSType",
      requiresRepublish: false,
      seLinuxMount: false,
      preventPodSchedulingIfMissing: false,
    });
    if (isUnset(draft["volumeLifecycleModes"])) draft["volumeLifecycleModes"] = ["Persistent"];
  },
  "io.k8s.api.scheduling.v1.PriorityClass": filling({ preemptionPolicy: "PreemptLowerPriority" }),
  "io.k8s.api.discovery.v1.EndpointPort": (draft) => {
    draft["name"] ??= "";
    fill(draft, { protocol: "TCP" });
  },
  [`${admission}ValidatingWebhook`]: filling(webhook),
  [`${admission}MutatingWebhook`]: filling({ ...webhook, reinvocationPolicy: "Never" }),
  [`${admission}RuleWithOperations`]: filling({ scope: "*" }),
  [`${admission}NamedRuleWithOperations`]: filling({ scope: "*" }),
  [`${admission}ServiceReference`]: filling({ port: 443 }),
  [`${admission}MatchResources`]: filling(matching),
  [`${admission}ValidatingAdmissionPolicySpec`]: filling({ failurePolicy: "Fail" }),
  [`${admission}MutatingAdmissionPolicySpec`]: filling({ failurePolicy: "Fail" }),
  [`${flowcontrol}FlowSchemaSpec`]: (draft) => {
    if (draft["matchingPrecedence"] === 0) draft["matchingPrecedence"] = 1000;
  },
  [`${flowcontrol}ExemptPriorityLevelConfiguration`]: filling({
    nominalConcurrencyShares: 0,
    lendablePercent: 0,
  }),
  [`${flowcontrol}LimitedPriorityLevelConfiguration`]: filling({
    nominalConcurrencyShares: 30,
    lendablePercent: 0,
  }),
  [`${flowcontrol}QueuingConfiguration`]: filling({ handSize: 8, queues: 64, queueLengthLimit: 50 }),
  [`${extensions}CustomResourceDefinition`]: definition,
  [`${extensions}CustomResourceDefinitionSpec`]: definitionSpec,
  [`${extensions}ServiceReference`]: filling({ port: 443 }),
  "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference": filling({ port: 443 }),
};
