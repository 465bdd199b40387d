/** A custom resource with every kind of list and map, a status subresource, and two versions that look alike. */
export const GADGET_CRD = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.writes.example.com }
spec:
  group: writes.example.com
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets }
  versions:
    - { name: v1, served: true, storage: true, subresources: { status: {}, scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas } }, schema: &schema { openAPIV3Schema: {
        type: object,
        properties: {
          spec: { type: object, properties: {
            replicas: { type: integer },
            parts: { type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {
              type: object, required: [name], properties: {
                name: { type: string }, size: { type: integer }, labels: { type: object, additionalProperties: { type: string } } } } },
            ports: { type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [port, protocol], items: {
              type: object, required: [port], properties: {
                port: { type: integer }, protocol: { type: string, default: TCP }, name: { type: string } } } },
            tags: { type: array, x-kubernetes-list-type: set, items: { type: string } },
            numbers: { type: array, x-kubernetes-list-type: set, items: { type: integer } },
            words: { type: array, items: { type: string } },
            free: { type: object, x-kubernetes-preserve-unknown-fields: true },
            amount: { x-kubernetes-int-or-string: true },
            on: { type: boolean },
            labels: { type: object, additionalProperties: { type: string } },
            solid: { type: object, x-kubernetes-map-type: atomic, properties: { a: { type: string }, b: { type: string } } },
            inner: { type: object, properties: { a: { type: string }, b: { type: string }, deep: { type: object, properties: { c: { type: string } } } } } } },
          status: { type: object, properties: {
            phase: { type: string },
            replicas: { type: integer },
            conditions: { type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [type], items: {
              type: object, required: [type], properties: { type: { type: string }, state: { type: string } } } } } } } } } }
    - { name: v2, served: true, storage: false, subresources: { status: {} }, schema: *schema }
`;

export const GADGET = `
apiVersion: writes.example.com/v1
kind: Gadget
metadata: { name: g, labels: { a: "1" } }
spec:
  replicas: 1
  parts: [{ name: a, size: 1, labels: { x: "1", y: "2" } }, { name: b, size: 2 }]
  ports: [{ port: 80, protocol: TCP }, { port: 443, protocol: TCP, name: tls }, { port: 53, protocol: UDP }]
  tags: [x, y]
  numbers: [80, 443]
  words: [a, b]
  free: { deep: { one: 1, two: 2 }, list: [1, 2] }
  amount: 5
  on: true
  labels: { k: v, l: w }
  solid: { a: "1" }
  inner: { a: "1", deep: { c: "1" } }
`;

export const SECRET = `
apiVersion: v1
kind: Secret
metadata: { name: s, labels: { a: "1" } }
data: { one: MQ==, two: Mg== }
`;

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
export const SMALL = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: c } }";

export function config(data: string, metadata = ""): string {
  return `{ apiVersion: v1, kind: ConfigMap, metadata: { name: c${metadata} }, data: ${data} }`;
}

export function gadget(spec: string): string {
  return `{ apiVersion: writes.example.com/v1, kind: Gadget, metadata: { name: g }, spec: ${spec} }`;
}

export function deployment(spec: string): string {
  return `{ apiVersion: apps/v1, kind: Deployment, metadata: { name: web }, spec: ${spec} }`;
}

export function lastApplied(object: string, json: string): string {
  return object.replace(
    "metadata: {",
    `metadata: { annotations: { ${LAST_APPLIED}: ${JSON.stringify(json)} },`,
  );
}
