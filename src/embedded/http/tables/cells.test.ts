import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import type { ServedKind } from "../../kinds/served-kind.ts";
import { formatDuration } from "./age.ts";
import { compileJsonPath } from "./json-path.ts";
import { formatSelector } from "./selector.ts";
import { shapeOf } from "./shape-of.ts";

const nowMs = Date.parse("2026-01-01T01:00:00Z");
const metadata = { name: "x", creationTimestamp: "2026-01-01T00:00:00Z" };

function kindOf(apiVersion: string, kind: string, more: Partial<ServedKind> = {}): ServedKind {
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return { group, version, kind, isCustom: false, ...more } as ServedKind;
}

function row(
  object: JsonObject & { readonly apiVersion: string; readonly kind: string },
  more: Partial<ServedKind> = {},
): string {
  const kind = kindOf(object.apiVersion, object.kind, more);
  const shape = shapeOf({ kind, namespace: "", name: "", subresource: "" });
  const cells = shape.cells({ metadata, ...object }, nowMs);
  expect(cells).toHaveLength(shape.columns.length);
  return cells.map((cell, at) => `${shape.columns[at]?.name}=${JSON.stringify(cell)}`).join(" ");
}

const template = {
  spec: {
    containers: [
      { name: "a", image: "i:1" },
      { name: "b", image: "i:2" },
    ],
  },
};
const selector = { matchLabels: { app: "x" } };

it.each([
  [0, "0s"],
  [119_999, "119s"],
  [-1_500, "0s"],
  [-3_000, "<invalid>"],
  [120_000, "2m"],
  [185_000, "3m5s"],
  [600_000, "10m"],
  [3 * 3600_000 + 5 * 60_000, "3h5m"],
  [30 * 3600_000, "30h"],
  [3 * 86400_000 + 2 * 3600_000, "3d2h"],
  [100 * 86400_000, "100d"],
  [800 * 86400_000, "2y70d"],
  [4000 * 86400_000, "10y"],
])("shows %d ms as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it("shows workloads", () => {
  expect(
    row({
      apiVersion: "apps/v1",
      kind: "Deployment",
      spec: { replicas: 3, selector, template },
      status: { readyReplicas: 1, updatedReplicas: 2 },
    }),
  ).toBe(
    'Name="x" Ready="1/3" Up-to-date=2 Available=0 Age="60m" Containers="a,b" Images="i:1,i:2" Selector="app=x"',
  );
  expect(row({ apiVersion: "apps/v1", kind: "DaemonSet", spec: { selector, template } })).toBe(
    'Name="x" Desired=0 Current=0 Ready=0 Up-to-date=0 Available=0 Node Selector="<none>" Age="60m" Containers="a,b" Images="i:1,i:2" Selector="app=x"',
  );
  expect(row({ apiVersion: "apps/v1", kind: "StatefulSet", spec: { replicas: 1, template } })).toBe(
    'Name="x" Ready="0/1" Age="60m" Containers="a,b" Images="i:1,i:2"',
  );
});

it("shows jobs", () => {
  const job = { apiVersion: "batch/v1", kind: "Job", spec: { completions: 2, selector, template } };
  const status = {
    succeeded: 2,
    startTime: "2026-01-01T00:00:00Z",
    completionTime: "2026-01-01T00:00:09Z",
    conditions: [{ type: "Complete", status: "True" }],
  };
  expect(row({ ...job, status })).toContain('Status="Complete" Completions="2/2" Duration="9s"');
  expect(row({ apiVersion: "batch/v1", kind: "CronJob", spec: { schedule: "* * * * *" } })).toBe(
    'Name="x" Schedule="* * * * *" Timezone="<none>" Suspend="<unset>" Active=0 Last Schedule="<none>" Age="60m" Containers="" Images="" Selector="<none>"',
  );
});

it("shows services and their endpoints", () => {
  const ports = [
    { port: 80, protocol: "TCP", nodePort: 30_000 },
    { port: 53, protocol: "UDP" },
  ];
  const service = {
    apiVersion: "v1",
    kind: "Service",
    spec: { type: "NodePort", clusterIP: "10.0.0.1", ports },
  };
  expect(row(service)).toBe(
    'Name="x" Type="NodePort" Cluster-IP="10.0.0.1" External-IP="<none>" Port(s)="80:30000/TCP,53/UDP" Age="60m" Selector="<none>"',
  );
  expect(row({ ...service, spec: { type: "LoadBalancer" } })).toContain('External-IP="<pending>"');
  const addresses = ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"].map((ip) => ({ ip }));
  expect(
    row({ apiVersion: "v1", kind: "Endpoints", subsets: [{ addresses, ports: [{ port: 1 }] }] }),
  ).toContain('Endpoints="1.1.1.1:1,1.1.1.2:1,1.1.1.3:1 + 1 more..."');
  expect(
    row({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", spec: { rules: [{ host: "a" }], tls: [{}] } }),
  ).toBe('Name="x" Class="<none>" Hosts="a" Address="" Ports="80, 443" Age="60m"');
});

it("shows nodes, claims and configuration", () => {
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { ...metadata, labels: { "node-role.kubernetes.io/control-plane": "" } },
    spec: { unschedulable: true },
    status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1" } },
  };
  expect(row(node)).toContain(
    'Status="Ready,SchedulingDisabled" Roles="control-plane" Age="60m" Version="v1"',
  );
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    spec: { volumeName: "v", storageClassName: "fast" },
    status: { phase: "Bound", capacity: { storage: "1Gi" }, accessModes: ["ReadWriteMany", "ReadWriteOnce"] },
  };
  expect(row(claim)).toContain(
    'Status="Bound" Volume="v" Capacity="1Gi" Access Modes="RWO,RWX" StorageClass="fast"',
  );
  expect(row({ apiVersion: "v1", kind: "ConfigMap", data: { a: "" }, binaryData: { b: "" } })).toContain(
    "Data=2",
  );
  expect(row({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" })).toBe(
    'Name="x" Created At="2026-01-01T00:00:00Z"',
  );
});

it("shows autoscalers and events", () => {
  const metric = { type: "Resource", resource: { name: "cpu", target: { averageUtilization: 80 } } };
  const autoscaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    spec: { scaleTargetRef: { kind: "Deployment", name: "d" }, metrics: [metric], maxReplicas: 3 },
  };
  expect(row(autoscaler)).toBe(
    'Name="x" Reference="Deployment/d" Targets="cpu: <unknown>/80%" MinPods="<unset>" MaxPods=3 Replicas=0 Age="60m"',
  );
  const event = {
    apiVersion: "v1",
    kind: "Event",
    type: "Normal",
    reason: "Pulled",
    message: " hi ",
    count: 2,
  };
  expect(
    row({ ...event, involvedObject: { kind: "Pod", name: "p" }, lastTimestamp: "2026-01-01T00:59:00Z" }),
  ).toBe(
    'Last Seen="60s" Type="Normal" Reason="Pulled" Object="pod/p" Subobject="" Source="" Message="hi" First Seen="<unknown>" Count=2 Name="x"',
  );
});

const widget = { apiVersion: "a.io/v1", kind: "Widget", spec: { size: 3, on: true, tags: ["a"] } };

it("shows custom resources by the columns of their definition", () => {
  const columns = [
    { name: "Size", type: "integer", jsonPath: ".spec.size" },
    { name: "On", type: "string", jsonPath: ".spec.on" },
    { name: "Tags", type: "string", jsonPath: ".spec.tags" },
    { name: "None", type: "string", jsonPath: ".spec.none" },
    { name: "Since", type: "date", jsonPath: ".metadata.creationTimestamp", priority: 1 },
  ];
  expect(row(widget, { isCustom: true, columns })).toBe(
    'Name="x" Size=3 On="true" Tags="[\\"a\\"]" None=null Since="60m"',
  );
  expect(row(widget, { isCustom: true })).toBe('Name="x" Age="60m"');
});

it.each([
  [".spec.a", [1]],
  [".spec['b.c']", [2]],
  [".spec.b\\.c", [2]],
  [".list[0].name", ["x"]],
  [".list[-1].name", ["y"]],
  [".list[*].name", ["x", "y"]],
  ['.list[?(@.name=="y")].value', [6]],
  [".list[?(@.value!=6)].name", ["x"]],
  [".spec.constructor", []],
  [".spec..a", []],
  [".list[", []],
])("follows %s", (path, found) => {
  const object = {
    spec: { a: 1, "b.c": 2 },
    list: [
      { name: "x", value: 5 },
      { name: "y", value: 6 },
    ],
  };
  expect(compileJsonPath(path).find(object)).toEqual(found);
});

it("writes selectors as they are asked for", () => {
  expect(
    formatSelector({
      matchLabels: { b: "1" },
      matchExpressions: [
        { key: "a", operator: "In", values: ["y", "x"] },
        { key: "c", operator: "DoesNotExist" },
        { key: "d", operator: "Exists" },
      ],
    }),
  ).toBe("a in (x,y),b=1,!c,d");
});
