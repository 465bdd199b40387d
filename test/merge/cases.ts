import { parse } from "yaml";
import {
  DEPLOYMENT,
  SERVICE,
  CONFIG,
  POLICY,
  HPA,
  STATEFUL,
  INGRESS,
  JOB,
  CRON,
  ROLE,
  BINDING,
  WEBHOOK,
  WIDGET,
  OTHER_CONTAINER,
  OTHER_IMAGE,
  BOTH_OWN,
} from "./manifests.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";

/** A path of field names and list indexes, and the value to put there; undefined removes the field or item. */
export type Edit = readonly [path: string, value: JsonValue | undefined];

export interface Case {
  readonly title: string;
  /** YAML of what Mooring applied first. */
  readonly before: string;
  /** What others then did: an apply of this YAML, or a merge patch. */
  readonly others?: readonly {
    readonly manager: string;
    readonly apply?: string;
    readonly patch?: JsonObject;
  }[];
  /** From `before` to what is desired now. */
  readonly edits: readonly Edit[];
  /** `object`: the server fills in what no schema tells, the verdict must hold. `verdict`: a change is predicted, and is none. */
  readonly approximate?: "object" | "verdict";
}

const POD = "spec.template.spec";
const WEB = `${POD}.containers.0`;

export const CASES: readonly Case[] = [
  { title: "Deployment: nothing", before: DEPLOYMENT, edits: [] },
  { title: "Deployment: image", before: DEPLOYMENT, edits: [[`${WEB}.image`, "nginx:1.28"]] },
  { title: "Deployment: replicas gone", before: DEPLOYMENT, edits: [["spec.replicas", undefined]] },
  { title: "Deployment: replicas null", before: DEPLOYMENT, edits: [["spec.replicas", null]] },
  {
    title: "Deployment: default made explicit",
    before: DEPLOYMENT,
    edits: [["spec.revisionHistoryLimit", 10]],
  },
  {
    title: "Deployment: container added in front",
    before: DEPLOYMENT,
    edits: [
      [`${POD}.containers.0`, { name: "first", image: "busybox" }],
      [`${POD}.containers.2`, parsed(DEPLOYMENT, WEB)],
    ],
  },
  { title: "Deployment: container removed", before: DEPLOYMENT, edits: [[`${POD}.containers.1`, undefined]] },
  {
    title: "Deployment: containers swapped",
    before: DEPLOYMENT,
    edits: [
      [`${POD}.containers.0`, { name: "sidecar", image: "busybox:1" }],
      [`${POD}.containers.1`, parsed(DEPLOYMENT, WEB)],
    ],
  },
  {
    title: "Deployment: container injected by another manager stays",
    before: DEPLOYMENT,
    others: [{ manager: "injector", apply: OTHER_CONTAINER }],
    edits: [],
  },
  {
    title: "Deployment: container removed that another manager owns a field of",
    before: DEPLOYMENT,
    others: [{ manager: "injector", apply: OTHER_IMAGE }],
    edits: [[`${POD}.containers.1`, undefined]],
  },
  {
    title: "Deployment: image taken back",
    before: DEPLOYMENT,
    others: [{ manager: "someone", patch: { spec: { replicas: 3 } } }],
    edits: [],
  },
  {
    title: "Deployment: scaled by another, replicas not ours",
    before: DEPLOYMENT,
    others: [{ manager: "scaler", patch: { spec: { replicas: 2 } } }],
    edits: [["spec.replicas", undefined]],
  },
  {
    title: "Deployment: env added, changed, removed",
    before: DEPLOYMENT,
    edits: [
      [
        `${WEB}.env`,
        [
          { name: "C", value: "3" },
          { name: "A", value: "x" },
        ],
      ],
    ],
  },
  {
    title: "Deployment: empty env value",
    before: DEPLOYMENT,
    edits: [[`${WEB}.env.0.value`, ""]],
    approximate: "object",
  },
  { title: "Deployment: env gone", before: DEPLOYMENT, edits: [[`${WEB}.env`, undefined]] },
  { title: "Deployment: env empty", before: DEPLOYMENT, edits: [[`${WEB}.env`, []]] },
  {
    title: "Deployment: env from a field, default version",
    before: DEPLOYMENT,
    edits: [[`${WEB}.env.2`, { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }]],
  },
  {
    title: "Deployment: port added",
    before: DEPLOYMENT,
    edits: [[`${WEB}.ports.2`, { containerPort: 443 }]],
  },
  { title: "Deployment: port named", before: DEPLOYMENT, edits: [[`${WEB}.ports.0.name`, "http"]] },
  { title: "Deployment: port removed", before: DEPLOYMENT, edits: [[`${WEB}.ports.0`, undefined]] },
  {
    title: "Deployment: same quantity, other words",
    before: DEPLOYMENT,
    edits: [[`${WEB}.resources.requests.cpu`, "0.1"]],
  },
  {
    title: "Deployment: quantity as number",
    before: DEPLOYMENT,
    edits: [[`${WEB}.resources.requests.cpu`, 2]],
  },
  {
    title: "Deployment: quantity added",
    before: DEPLOYMENT,
    edits: [[`${WEB}.resources.limits`, { memory: "1Gi" }]],
  },
  { title: "Deployment: resources gone", before: DEPLOYMENT, edits: [[`${WEB}.resources`, undefined]] },
  { title: "Deployment: resources empty", before: DEPLOYMENT, edits: [[`${WEB}.resources`, {}]] },
  { title: "Deployment: empty strategy", before: DEPLOYMENT, edits: [["spec.strategy", {}]] },
  {
    title: "Deployment: strategy replaced",
    before: DEPLOYMENT,
    edits: [["spec.strategy", { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }]],
  },
  {
    title: "Deployment: volume changes its kind",
    before: DEPLOYMENT,
    edits: [[`${POD}.volumes.1`, { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }]],
  },
  {
    title: "Deployment: volume added",
    before: DEPLOYMENT,
    edits: [[`${POD}.volumes.2`, { name: "s", secret: { secretName: "s" } }]],
  },
  {
    title: "Deployment: projected volume, default expiry",
    before: DEPLOYMENT,
    edits: [
      [`${POD}.volumes.2`, { name: "p", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }],
    ],
  },
  { title: "Deployment: volume removed", before: DEPLOYMENT, edits: [[`${POD}.volumes.1`, undefined]] },
  {
    title: "Deployment: tolerations",
    before: DEPLOYMENT,
    edits: [[`${POD}.tolerations`, [{ key: "a", operator: "Exists" }]]],
  },
  {
    title: "Deployment: node selector",
    before: DEPLOYMENT,
    edits: [[`${POD}.nodeSelector`, { disk: "ssd" }]],
  },
  {
    title: "Deployment: probe",
    before: DEPLOYMENT,
    edits: [[`${WEB}.readinessProbe`, { httpGet: { port: 80 }, periodSeconds: 5 }]],
  },
  {
    title: "Deployment: zero values",
    before: DEPLOYMENT,
    edits: [
      [`${WEB}.tty`, false],
      ["spec.minReadySeconds", 0],
    ],
    approximate: "verdict",
  },
  {
    title: "Deployment: host network false",
    before: DEPLOYMENT,
    edits: [[`${POD}.hostNetwork`, false]],
    approximate: "verdict",
  },
  {
    title: "Deployment: empty security context",
    before: DEPLOYMENT,
    edits: [[`${WEB}.securityContext`, {}]],
  },
  {
    title: "Deployment: init container",
    before: DEPLOYMENT,
    edits: [[`${POD}.initContainers`, [{ name: "init", image: "busybox:1", command: ["true"] }]]],
  },
  { title: "Service: nothing", before: SERVICE, edits: [] },
  {
    title: "Service: port added",
    before: SERVICE,
    edits: [["spec.ports.2", { name: "https", port: 443 }]],
  },
  { title: "Service: port removed", before: SERVICE, edits: [["spec.ports.1", undefined]] },
  { title: "Service: target port", before: SERVICE, edits: [["spec.ports.0.targetPort", "http"]] },
  { title: "Service: selector", before: SERVICE, edits: [["spec.selector", { app: "other" }]] },
  {
    title: "Service: node ports",
    before: SERVICE,
    edits: [["spec.type", "NodePort"]],
    approximate: "object",
  },
  { title: "ConfigMap: key added", before: CONFIG, edits: [["data.four", "4"]] },
  { title: "ConfigMap: key removed", before: CONFIG, edits: [["data.two", undefined]] },
  { title: "ConfigMap: data gone", before: CONFIG, edits: [["data", undefined]] },
  { title: "ConfigMap: data empty", before: CONFIG, edits: [["data", {}]] },
  { title: "ConfigMap: labels", before: CONFIG, edits: [["metadata.labels", { b: "2", c: "3" }]] },
  { title: "ConfigMap: annotations gone", before: CONFIG, edits: [["metadata.annotations", undefined]] },
  {
    title: "ConfigMap: finalizer added by another stays",
    before: CONFIG,
    others: [{ manager: "other", patch: { metadata: { finalizers: ["example.com/other"] } } }],
    edits: [["metadata.finalizers", ["example.com/ours"]]],
  },
  {
    title: "ConfigMap: key that two appliers own stays",
    before: CONFIG,
    others: [{ manager: "other", apply: BOTH_OWN }],
    edits: [["data.one", undefined]],
  },
  {
    title: "ConfigMap: key changed by another is taken back",
    before: CONFIG,
    others: [{ manager: "kubectl-edit", patch: { data: { one: "x", extra: "y" } } }],
    edits: [],
  },
  {
    title: "ConfigMap: key removed by another comes back",
    before: CONFIG,
    others: [{ manager: "kubectl-edit", patch: { data: { two: null } } }],
    edits: [],
  },
  {
    title: "ConfigMap: key changed by another and no longer desired stays",
    before: CONFIG,
    others: [{ manager: "kubectl-edit", patch: { data: { one: "x" } } }],
    edits: [["data.one", undefined]],
  },
  { title: "NetworkPolicy: nothing", before: POLICY, edits: [] },
  { title: "NetworkPolicy: port", before: POLICY, edits: [["spec.ingress.0.ports.0.port", 81]] },
  { title: "NetworkPolicy: rule gone", before: POLICY, edits: [["spec.ingress", undefined]] },
  { title: "NetworkPolicy: rules empty", before: POLICY, edits: [["spec.ingress", []]] },
  { title: "HPA: nothing", before: HPA, edits: [] },
  { title: "HPA: metric", before: HPA, edits: [["spec.metrics.0.resource.target.averageUtilization", 70]] },
  { title: "HPA: minimum gone", before: HPA, edits: [["spec.minReplicas", undefined]] },
  { title: "StatefulSet: nothing", before: STATEFUL, edits: [] },
  { title: "StatefulSet: image", before: STATEFUL, edits: [[`${WEB}.image`, "postgres:18"]] },
  {
    title: "StatefulSet: null timestamps",
    before: STATEFUL,
    edits: [["spec.template.metadata.creationTimestamp", null]],
  },
  { title: "Ingress: nothing", before: INGRESS, edits: [] },
  { title: "Ingress: host", before: INGRESS, edits: [["spec.rules.0.host", "b.example.com"]] },
  {
    title: "Ingress: tls",
    before: INGRESS,
    edits: [["spec.tls", [{ hosts: ["a.example.com"], secretName: "s" }]]],
  },
  { title: "Job: nothing", before: JOB, edits: [] },
  { title: "Job: resumed", before: JOB, edits: [["spec.parallelism", 2]] },
  { title: "CronJob: nothing", before: CRON, edits: [] },
  { title: "CronJob: schedule", before: CRON, edits: [["spec.schedule", "0 4 * * *"]] },
  { title: "CronJob: default made explicit", before: CRON, edits: [["spec.concurrencyPolicy", "Allow"]] },
  { title: "Role: rule changed", before: ROLE, edits: [["rules.0.verbs", ["get"]]] },
  { title: "Role: rules gone", before: ROLE, edits: [["rules", []]] },
  { title: "RoleBinding: nothing", before: BINDING, edits: [] },
  { title: "RoleBinding: subject", before: BINDING, edits: [["subjects.2", { kind: "Group", name: "ops" }]] },
  { title: "Webhook: nothing", before: WEBHOOK, edits: [] },
  { title: "Webhook: rule", before: WEBHOOK, edits: [["webhooks.0.rules.0.operations", ["UPDATE"]]] },
  {
    title: "Webhook: certificate injected by another stays",
    before: WEBHOOK,
    others: [
      {
        manager: "injector",
        apply: `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: merge-test }
webhooks: [{ name: a.example.com, timeoutSeconds: 7 }]
`,
      },
    ],
    edits: [["webhooks.0.failurePolicy", "Fail"]],
  },
  {
    title: "ServiceAccount: pull secret",
    before:
      "{ apiVersion: v1, kind: ServiceAccount, metadata: { name: bot }, imagePullSecrets: [{ name: a }] }",
    edits: [["imagePullSecrets", [{ name: "b" }, { name: "a" }]]],
  },
  {
    title: "PodDisruptionBudget: percentage",
    before:
      "{ apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: { name: web }, spec: { minAvailable: 1, selector: { matchLabels: { app: web } } } }",
    edits: [["spec.minAvailable", "50%"]],
  },
  {
    title: "PersistentVolumeClaim: bigger",
    before:
      "{ apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: data }, spec: { storageClassName: none, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }",
    edits: [["spec.resources.requests.storage", "1024Mi"]],
  },
  {
    title: "ResourceQuota: amounts",
    before:
      "{ apiVersion: v1, kind: ResourceQuota, metadata: { name: q }, spec: { hard: { pods: 10, cpu: 1500m } } }",
    edits: [["spec.hard", { pods: "10", cpu: 1.5, memory: "1Gi" }]],
  },
  {
    title: "LimitRange: limits",
    before:
      "{ apiVersion: v1, kind: LimitRange, metadata: { name: l }, spec: { limits: [{ type: Container, max: { cpu: 1 } }] } }",
    edits: [],
  },
  {
    title: "Secret: binary data",
    before: "{ apiVersion: v1, kind: Secret, metadata: { name: s }, data: { a: YQ==, b: Yg== } }",
    edits: [
      ["data.a", "YQ=\n="],
      ["data.b", "Yw=="],
    ],
  },
  { title: "Widget: nothing", before: WIDGET, edits: [] },
  { title: "Widget: part added", before: WIDGET, edits: [["spec.parts.2", { name: "c" }]] },
  { title: "Widget: part removed", before: WIDGET, edits: [["spec.parts.0", undefined]] },
  { title: "Widget: default made explicit", before: WIDGET, edits: [["spec.mode", "auto"]] },
  { title: "Widget: tags", before: WIDGET, edits: [["spec.tags", ["z", "y"]]] },
  { title: "Widget: words", before: WIDGET, edits: [["spec.words", ["b", "a"]]] },
  { title: "Widget: words empty", before: WIDGET, edits: [["spec.words", []]] },
  { title: "Widget: parts empty", before: WIDGET, edits: [["spec.parts", []]] },
  {
    title: "Widget: free-form field",
    before: WIDGET,
    edits: [
      ["spec.free.deep.two", undefined],
      ["spec.free.deep.new", { a: [] }],
    ],
  },
  { title: "Widget: free-form list", before: WIDGET, edits: [["spec.free.list", [1, 2, 3]]] },
  { title: "Widget: number or text", before: WIDGET, edits: [["spec.amount", "5"]] },
  { title: "Widget: labels", before: WIDGET, edits: [["spec.labels", {}]] },
  { title: "Widget: atomic map", before: WIDGET, edits: [["spec.solid", { a: "1" }]] },
];

export function objectOf(yaml: string): KubeObject {
  return parse(yaml) as KubeObject;
}

function parsed(yaml: string, path: string): JsonValue {
  let value: unknown = parse(yaml);
  for (const step of path.split(".")) value = (value as Record<string, unknown>)[step];
  return value as JsonValue;
}

/** A copy of the object with the edits made in order. */
export function edited(object: KubeObject, edits: readonly Edit[]): KubeObject {
  const copy = structuredClone(object);
  for (const [path, value] of edits) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    let parent = copy as unknown as Record<string, unknown>;
    for (const step of steps) parent = (parent[step] ??= {}) as Record<string, unknown>;
    if (value !== undefined) parent[last] = structuredClone(value);
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
  }
  return copy;
}
