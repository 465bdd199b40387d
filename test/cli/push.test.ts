import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { callApi, controlPlane, testNamespace } from "#test/control-plane/fixture.ts";
import { formatKubeconfig } from "#test/control-plane/kubeconfig.ts";
import { openCli } from "./run.ts";

const rules = [
  { apiGroups: [""], resources: ["secrets", "configmaps"] },
  { apiGroups: ["apps"], resources: ["deployments"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"] },
].map((rule) => ({ ...rule, verbs: ["get", "create", "update", "patch", "delete"] }));

/** A kubeconfig of an account that may write a few kinds in one namespace, and do nothing else. */
async function deployerOf(namespace: string, directory: string): Promise<string> {
  const access = controlPlane();
  const post = (at: string, body: JsonObject) => callApi(access, { method: "POST", path: at, body });
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await post(accounts, { metadata: { name: "deployer" } });
  await post(`${rbac}/roles`, { metadata: { name: "deployer" }, rules });
  await post(`${rbac}/rolebindings`, {
    metadata: { name: "deployer" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "deployer" },
    subjects: [{ kind: "ServiceAccount", name: "deployer", namespace }],
  });
  const answer = await post(`${accounts}/deployer/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  });
  const token = viewString(answer as unknown as JsonObject, "status", "token") ?? "";
  const kubeconfig = path.join(directory, "kubeconfig");
  await writeFile(kubeconfig, formatKubeconfig({ ...access, token }, { token }), { mode: 0o600 });
  return kubeconfig;
}

const configMap = (name: string, color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example/web:1"}]}
`;

it("files are planned, applied by digest, waited for and pruned with rights in one namespace alone", async () => {
  const namespace = await testNamespace("push");
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-push-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const cli = openCli({ namespace: "argocd", directory }, await deployerOf(namespace, directory));
  const web = path.join(directory, "web");
  await mkdir(web);
  await writeFile(path.join(web, "web.yaml"), deployment);
  await writeFile(path.join(web, "a.yaml"), configMap("a", "blue"));
  const at = [web, "--to", "mooring-test", "--namespace", namespace, "--prune"];

  const plan = await cli.run("plan", ...at);
  expect(plan).toMatchObject({ code: 0 });
  expect(plan.err).toContain("note: ConfigMap/argocd/argocd-cm may not be read here");
  const digest = /sha256:\w+/u.exec(plan.out)?.[0] ?? "";
  const applied = await cli.run("apply", ...at, "--plan", digest, "--wait", "--timeout", "100");
  expect(applied).toMatchObject({ code: 0 });
  expect(applied.out).toContain("configmap/a created\ndeployment.apps/web created\n");
  expect(await cli.run("plan", ...at, "--detailed-exitcode")).toMatchObject({ code: 0 });
  expect(await cli.run("apply", ...at, "--plan", digest)).toMatchObject({ code: 20 });

  await rm(path.join(web, "a.yaml"));
  const pruned = await cli.run("apply", ...at);
  expect(pruned.out).toContain("configmap/a pruned\n");
  const { items } = await callApi<{
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  }>(controlPlane(), { path: `/api/v1/namespaces/${namespace}/configmaps` });
  expect(items.map(({ metadata }) => metadata.name)).not.toContain("a");
});
