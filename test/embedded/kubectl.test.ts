import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { controlPlane } from "../control-plane/fixture.ts";
import { buildTimeoutMs, clientPath } from "./clients.ts";

const run = promisify(execFile);

interface Place {
  readonly kubeconfig: string;
  readonly namespace: string;
}

let kubectl: string;
let directory: string;
let places: readonly [Place, Place];
const cleanUp = new AsyncDisposableStack();

const web = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1.27", ports: [{containerPort: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: plain}
`;

beforeAll(async () => {
  kubectl = await clientPath("kubectl");
  directory = await mkdtemp(join(tmpdir(), "mooring-kubectl-"));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true }));
  const cluster = cleanUp.use(
    await startEmbeddedCluster({
      onFailure: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    }),
  );
  const embedded = join(directory, "embedded");
  await writeEmbeddedKubeconfig(embedded, [{ name: "embedded", cluster }]);
  await writeFile(join(directory, "web.yaml"), web);
  await writeFile(
    join(directory, "changed.yaml"),
    web.replace("mode: plain", "mode: fancy").replace("1.27", "1.28"),
  );
  const namespace = `kubectl-${Date.now().toString(36)}`;
  places = [
    { kubeconfig: controlPlane().kubeconfigPath, namespace },
    { kubeconfig: embedded, namespace },
  ];
}, buildTimeoutMs);

afterAll(() => cleanUp.disposeAsync());

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function kubectlIn({ kubeconfig, namespace }: Place, args: readonly string[]): Promise<Output> {
  const all = ["--kubeconfig", kubeconfig, "--namespace", namespace, ...args];
  try {
    const { stdout, stderr } = await run(kubectl, all, {
      cwd: directory,
      env: { PATH: process.env["PATH"], EDITOR: "sed -i s/plain/edited/" },
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { code, stdout: stdout ?? "", stderr: stderr ?? "" };
  }
}

/** What differs from one cluster to another by nature: addresses, ages, generated names, revisions, temporary files. */
function normalised({ code, stdout, stderr }: Output): Output {
  const clean = (text: string) =>
    text
      .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, "<address>")
      .replaceAll(/\bweb-[0-9a-f]{8,10}(?:-[a-z0-9]{5})?\b/g, "web-<generated>")
      .replaceAll(/pod-template-hash=\w+/g, "pod-template-hash=<hash>")
      .replaceAll(/\b\d+(?:m\d+)?s\b/g, "<age>")
      .replaceAll(/(uid|resourceVersion): .*/g, "$1: <own>")
      .replaceAll(/\S*\/(?:LIVE|MERGED)-\d+\S*/g, "<file>")
      .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4}|Z)/g, "<time>")
      .replaceAll(/\bnode-\w+|\bkwok-node-\d+/g, "<node>")
      .replaceAll(/ {2,}/g, "  ")
      .replaceAll(/ +$/gm, "");
  return { code, stdout: clean(stdout), stderr: clean(stderr) };
}

const story: readonly (readonly string[])[] = [
  ["create", "namespace", "$ns"],
  ["apply", "-f", "web.yaml"],
  ["wait", "--for=condition=Available", "deployment/web", "--timeout=60s"],
  ["rollout", "status", "deployment/web", "--timeout=60s"],
  ["get", "deployments,services,configmaps", "-o", "wide"],
  ["get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas} {.metadata.generation}"],
  ["diff", "-f", "changed.yaml"],
  ["diff", "-f", "web.yaml"],
  ["apply", "-f", "web.yaml"],
  ["edit", "configmap", "settings"],
  ["get", "configmap", "settings", "-o", "jsonpath={.data.mode}"],
  ["patch", "configmap", "settings", "-p", '{"data":{"a":"1"}}'],
  ["patch", "configmap", "settings", "--type=merge", "-p", '{"data":{"b":"2"}}'],
  ["patch", "configmap", "settings", "--type=json", "-p", '[{"op":"remove","path":"/data/a"}]'],
  ["patch", "configmap", "settings", "--type=json", "-p", '[{"op":"remove","path":"/data/zzz"}]'],
  ["get", "configmap", "settings", "-o", "jsonpath={.data}"],
  ["label", "configmap", "settings", "tier=front"],
  ["annotate", "configmap", "settings", "note=hello"],
  ["get", "configmaps", "-l", "tier=front", "--show-labels"],
  ["apply", "-f", "changed.yaml", "--server-side"],
  ["apply", "-f", "changed.yaml", "--server-side", "--force-conflicts"],
  ["wait", "--for=jsonpath={.status.updatedReplicas}=2", "deployment/web", "--timeout=60s"],
  ["rollout", "history", "deployment/web"],
  ["scale", "deployment/web", "--replicas=1"],
  ["get", "configmap", "missing"],
  ["create", "configmap", "settings"],
  ["create", "configmap", "Bad_Name"],
  ["delete", "configmap", "settings"],
  ["delete", "-f", "web.yaml", "--ignore-not-found"],
  ["wait", "--for=delete", "deployment/web", "--timeout=60s"],
  ["auth", "can-i", "delete", "pods"],
  ["delete", "namespace", "$ns", "--wait=false"],
];

it("answers kubectl as the real API server does, step by step", async () => {
  for (const step of story) {
    const args = step.map((each) => each.replaceAll("$ns", places[0].namespace));
    const [real, embedded] = await Promise.all(places.map((place) => kubectlIn(place, args)));
    if (real === undefined || embedded === undefined) throw new Error("there is no answer");
    const command = args.join(" ");
    expect({ command, ...normalised(embedded) }).toEqual({ command, ...normalised(real) });
  }
});
