import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { Role } from "./labels.ts";
import { labelsOf, nameOf, selectorOf } from "./labels.ts";

export const serverPort = 8080;
/** Where the controller that leads is asked by servers. */
export const internalPort = 8085;
/** Where the controller says that it is alive. */
export const healthPort = 8082;

/** Mirrors and renders are caches, made again after a restart; the audit is not, and is worth a volume that stays. */
const data: JsonObject = { name: "MOORING_DATA", value: "/data" };

interface Workload {
  readonly role: Role;
  readonly namespace: string;
  readonly image: string;
}

/** The Deployment of the controller: any number of replicas, of which one leads. */
export function formatController({ namespace, image }: Omit<Workload, "role">): KubeObject {
  const env = [ownField("POD_NAME", "metadata.name"), ownField("POD_IP", "status.podIP"), data];
  return formatDeployment(
    { role: "controller", namespace, image },
    {
      args: ["controller"],
      env: [...commonEnv(), ...env],
      ports: [
        { name: "internal", containerPort: internalPort },
        { name: "health", containerPort: healthPort },
      ],
      // To start it anew would not help a controller whose internal API cannot begin: it does its work without (ADR 31).
      livenessProbe: aliveBy({ httpGet: { path: "/healthz", port: "health" } }),
      readinessProbe: readyBy({ tcpSocket: { port: "internal" } }),
      resources: { requests: { cpu: "100m", memory: "256Mi" } },
    },
  );
}

/** The Deployment of the API server: any number of replicas. */
export function formatServer({ namespace, image }: Omit<Workload, "role">): KubeObject {
  // Over TLS the port sends this to HTTPS, where the kubelet follows it and asks for no name of the certificate.
  const probe = { httpGet: { path: "/healthz", port: "server" } };
  return formatDeployment(
    { role: "server", namespace, image },
    {
      args: ["server"],
      env: [...commonEnv(), setting("ARGOCD_SERVER_INSECURE", "server.insecure"), data],
      ports: [{ name: "server", containerPort: serverPort }],
      livenessProbe: aliveBy(probe),
      readinessProbe: readyBy(probe),
      resources: { requests: { cpu: "50m", memory: "128Mi" } },
    },
  );
}

function aliveBy(probe: JsonObject): JsonObject {
  return { ...probe, initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 };
}

function readyBy(probe: JsonObject): JsonObject {
  return { ...probe, periodSeconds: 5 };
}

/** Where people and programs reach the server. */
export function formatService(namespace: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: nameOf("server"), namespace, labels: labelsOf("server") },
    spec: {
      selector: selectorOf("server"),
      ports: [
        { name: "http", port: 80, targetPort: "server" },
        { name: "https", port: 443, targetPort: "server" },
      ],
    },
  };
}

function commonEnv(): readonly JsonObject[] {
  return [
    ownField("MOORING_NAMESPACE", "metadata.namespace"),
    setting("ARGOCD_APPLICATION_NAMESPACES", "application.namespaces"),
  ];
}

function ownField(name: string, fieldPath: string): JsonObject {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

/** A setting where Argo CD keeps it. */
function setting(name: string, key: string): JsonObject {
  const configMapKeyRef = { name: "argocd-cmd-params-cm", key, optional: true };
  return { name, valueFrom: { configMapKeyRef } };
}

function formatDeployment({ role, namespace, image }: Workload, container: JsonObject): KubeObject {
  const [name, labels] = [nameOf(role), labelsOf(role)];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorOf(role) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: 30,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 999,
            runAsGroup: 999,
            fsGroup: 999,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: role,
              image,
              ...container,
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              volumeMounts: [
                { name: "data", mountPath: "/data" },
                { name: "tmp", mountPath: "/tmp" },
              ],
            },
          ],
          volumes: [
            { name: "data", emptyDir: {} },
            { name: "tmp", emptyDir: {} },
          ],
        },
      },
    },
  };
}
