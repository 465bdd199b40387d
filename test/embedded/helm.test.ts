import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { writeEmbeddedKubeconfig } from "#main/embedded-kubeconfig.ts";
import { buildTimeoutMs, clientPath } from "./clients.ts";

const run = promisify(execFile);

const chart: Readonly<Record<string, string>> = {
  "Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
  "values.yaml": "image: nginx:1.27\nreplicas: 2\n",
  "crds/things.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.demo.example.com}
spec:
  group: demo.example.com
  scope: Namespaced
  names: {plural: things, singular: thing, kind: Thing}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, properties: {size: {type: integer, default: 3}}}}
`,
  "templates/all.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec: {containers: [{name: web, image: {{ .Values.image | quote }}}]}
---
apiVersion: demo.example.com/v1
kind: Thing
metadata: {name: {{ .Release.Name }}}
spec: {}
`,
  "templates/hook.yaml": `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-check
  annotations: {helm.sh/hook: post-install, helm.sh/hook-delete-policy: hook-succeeded}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: check, image: busybox, command: ["true"]}]}
`,
};

async function startPlace(): Promise<{ readonly directory: string; readonly kubeconfig: string }> {
  const stack = new AsyncDisposableStack();
  onTestFinished(() => stack.disposeAsync());
  const directory = await mkdtemp(join(tmpdir(), "mooring-helm-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const cluster = stack.use(
    await startEmbeddedCluster({
      onFailure: (error) => {
        throw error;
      },
      signal: new AbortController().signal,
    }),
  );
  const kubeconfig = join(directory, "kubeconfig");
  await writeEmbeddedKubeconfig(kubeconfig, [{ name: "embedded", cluster }]);
  for (const [name, text] of Object.entries(chart)) {
    await mkdir(dirname(join(directory, "web", name)), { recursive: true });
    await writeFile(join(directory, "web", name), text);
  }
  return { directory, kubeconfig };
}

let helm: string;
let kubectl: string;

beforeAll(async () => {
  [helm, kubectl] = [await clientPath("helm"), await clientPath("kubectl")];
}, buildTimeoutMs);

it("lets helm install, upgrade, roll back and uninstall", async () => {
  const { directory, kubeconfig } = await startPlace();
  const env = { PATH: process.env["PATH"], HOME: directory, KUBECONFIG: kubeconfig };
  const call = async (program: string, ...args: readonly string[]) =>
    (await run(program, ["--namespace", "apps", ...args], { cwd: directory, env })).stdout;
  const image = () =>
    call(kubectl, "get", "deployment", "demo", "-o", "jsonpath={.spec.template.spec.containers[0].image}");

  expect(
    await call(helm, "install", "demo", "web", "--create-namespace", "--wait", "--timeout", "60s"),
  ).toContain("STATUS: deployed");
  expect(await image()).toBe("nginx:1.27");
  expect(await call(kubectl, "get", "thing", "demo", "-o", "jsonpath={.spec.size}")).toBe("3");
  expect(await call(kubectl, "get", "jobs", "-o", "name")).toBe("");

  expect(
    await call(helm, "upgrade", "demo", "web", "--set", "image=nginx:1.28", "--wait", "--timeout", "60s"),
  ).toContain("REVISION: 2");
  expect(await image()).toBe("nginx:1.28");

  await call(helm, "rollback", "demo", "1", "--wait", "--timeout", "60s");
  expect(await image()).toBe("nginx:1.27");
  expect(JSON.parse(await call(helm, "history", "demo", "-o", "json"))).toMatchObject([
    { revision: 1, status: "superseded" },
    { revision: 2, status: "superseded" },
    { revision: 3, status: "deployed" },
  ]);

  await call(helm, "uninstall", "demo", "--wait", "--timeout", "60s");
  expect(await call(kubectl, "get", "deployments,things,secrets", "-o", "name")).toBe("");
});
