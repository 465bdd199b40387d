import { expect, it, type TestContext } from "vitest";
import { callApi, controlPlane, eventually, type KubernetesObject, testNamespace } from "./fixture.ts";

interface PodOptions {
  readonly command?: readonly string[];
  readonly image?: string;
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly annotations?: Readonly<Record<string, string>>;
}

function podTemplate({
  command = [],
  image = "app",
  restartPolicy = "Never",
  annotations = {},
}: PodOptions = {}) {
  return {
    metadata: { labels: { app: "app" }, annotations },
    spec: { restartPolicy, containers: [{ name: "main", image, command }] },
  };
}

async function create(path: string, body: object): Promise<KubernetesObject> {
  return callApi(controlPlane(), { method: "POST", path, body });
}

async function read(path: string): Promise<KubernetesObject> {
  return callApi(controlPlane(), { path });
}

async function createPod(options: PodOptions, context: TestContext): Promise<string> {
  const pods = `/api/v1/namespaces/${await testNamespace("pod", context)}/pods`;
  const { metadata, spec } = podTemplate(options);
  await create(pods, { metadata: { ...metadata, name: "pod" }, spec });
  return `${pods}/pod`;
}

async function createJob(options: PodOptions, context: TestContext): Promise<string> {
  const jobs = `/apis/batch/v1/namespaces/${await testNamespace("job", context)}/jobs`;
  await create(jobs, {
    metadata: { name: "job" },
    spec: { backoffLimit: 0, template: podTemplate(options) },
  });
  return `${jobs}/job`;
}

function conditionsOf(object: KubernetesObject): string[] {
  const conditions = (object["status"]?.conditions ?? []) as { type: string; status: string }[];
  return conditions.filter(({ status }) => status === "True").map(({ type }) => type);
}

async function createDeployment(
  options: PodOptions,
  context: TestContext,
): Promise<{ deployment: string; pods: string }> {
  const namespace = await testNamespace("deployment", context);
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  await create(deployments, {
    metadata: { name: "app" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "app" } },
      template: podTemplate({ ...options, restartPolicy: "Always" }),
    },
  });
  return { deployment: `${deployments}/app`, pods: `/api/v1/namespaces/${namespace}/pods` };
}

async function waitingReasons(pods: string): Promise<string[]> {
  const { items } = await callApi<{ items: KubernetesObject[] }>(controlPlane(), { path: pods });
  return items.map((pod) => pod["status"]?.containerStatuses?.[0]?.state?.waiting?.reason as string);
}

it.concurrent("makes a Deployment available with pods that have an address and run", async (context) => {
  const { deployment, pods } = await createDeployment({}, context);
  await eventually(async () => {
    expect((await read(deployment))["status"]).toMatchObject({ availableReplicas: 2, readyReplicas: 2 });
  });
  const { items } = await callApi<{ items: KubernetesObject[] }>(controlPlane(), { path: pods });
  for (const pod of items) {
    expect(pod["status"]).toMatchObject({
      phase: "Running",
      podIP: expect.stringMatching(/^10\.244\./),
      containerStatuses: [{ ready: true, state: { running: {} } }],
    });
  }
});

it.concurrent.for([
  { says: "true", command: ["true"], phase: "Succeeded", exitCode: 0 },
  { says: "false", command: ["false"], phase: "Failed", exitCode: 1 },
  { says: "exit 3", command: ["sh", "-c", "exit 3"], phase: "Failed", exitCode: 3 },
  { says: "sleep 1", command: ["sleep", "1"], phase: "Succeeded", exitCode: 0 },
  { says: "sleep 1; exit 4", command: ["sh", "-c", "sleep 1; exit 4"], phase: "Failed", exitCode: 4 },
  { says: "something else", command: ["migrate", "--all"], phase: "Succeeded", exitCode: 0 },
])("ends a bare pod that says $says as $phase", async ({ command, phase, exitCode }, context) => {
  const pod = await createPod({ command }, context);
  await eventually(async () => {
    expect((await read(pod))["status"]).toMatchObject({
      phase,
      containerStatuses: [{ ready: false, state: { terminated: { exitCode } } }],
    });
  });
});

it.concurrent.for([
  { says: "true", command: ["true"], condition: "Complete" },
  { says: "false", command: ["false"], condition: "Failed" },
  { says: "exit 3", command: ["sh", "-c", "exit 3"], condition: "Failed" },
  { says: "sleep 1", command: ["sleep", "1"], condition: "Complete" },
  { says: "nothing", command: [], condition: "Complete" },
])("ends a Job whose pod says $says as $condition", async ({ command, condition }, context) => {
  const job = await createJob({ command }, context);
  await eventually(async () => expect(conditionsOf(await read(job))).toContain(condition));
});

it.concurrent("fails a Job whose pod is restarted more often than its limit allows", async (context) => {
  const job = await createJob({ command: ["false"], restartPolicy: "OnFailure" }, context);
  await eventually(async () => expect(conditionsOf(await read(job))).toContain("Failed"));
});

it.concurrent("runs for as long as it sleeps", async (context) => {
  const pod = await createPod({ command: ["sleep", "2"] }, context);
  await eventually(async () => expect((await read(pod))["status"].phase).toBe("Succeeded"));
  const { terminated } = (await read(pod))["status"].containerStatuses[0].state;
  const seconds = (Date.parse(terminated.finishedAt) - Date.parse(terminated.startedAt)) / 1000;
  expect(seconds).toBeGreaterThanOrEqual(2);
});

it.concurrent("deletes a pod that hangs", async (context) => {
  const pod = await createPod({ command: ["sleep", "infinity"] }, context);
  await eventually(async () => expect((await read(pod))["status"].phase).toBe("Running"));
  await callApi(controlPlane(), { method: "DELETE", path: pod });
  await eventually(async () => await expect(read(pod)).rejects.toMatchObject({ status: 404 }));
});

it.concurrent.for([
  { when: "its image does not exist", options: { image: "does-not-exist:1" }, reason: "ImagePullBackOff" },
  { when: "its command fails", options: { command: ["false"] }, reason: "CrashLoopBackOff" },
  {
    when: "it is told to crash",
    options: { annotations: { "mooring.dev/simulate": "crash-loop" } },
    reason: "CrashLoopBackOff",
  },
])("keeps a Deployment unavailable when $when", async ({ options, reason }, context) => {
  const { deployment, pods } = await createDeployment(options, context);
  await eventually(async () => expect(await waitingReasons(pods)).toEqual([reason, reason]));
  expect((await read(deployment))["status"].availableReplicas).toBeUndefined();
});

it.concurrent("runs a pod that is told to be not ready", async (context) => {
  const pod = await createPod({ annotations: { "mooring.dev/simulate": "not-ready" } }, context);
  await eventually(async () => expect((await read(pod))["status"].phase).toBe("Running"));
  expect(conditionsOf(await read(pod))).not.toContain("Ready");
});

it.concurrent("collects what belonged to a deleted owner", async (context) => {
  const namespace = await testNamespace("gc", context);
  const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
  const owner = await create(configMaps, { metadata: { name: "owner" } });
  const { name, uid } = owner.metadata;
  const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name, uid }];
  await create(configMaps, { metadata: { name: "dependent", ownerReferences } });
  await callApi(controlPlane(), { method: "DELETE", path: `${configMaps}/owner` });
  await eventually(
    async () => await expect(read(`${configMaps}/dependent`)).rejects.toMatchObject({ status: 404 }),
  );
});

it.concurrent("empties and removes a deleted namespace", async (context) => {
  const namespace = await testNamespace("emptied", context);
  await create(`/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name: "left" } });
  await callApi(controlPlane(), { method: "DELETE", path: `/api/v1/namespaces/${namespace}` });
  await eventually(
    async () => await expect(read(`/api/v1/namespaces/${namespace}`)).rejects.toMatchObject({ status: 404 }),
  );
});
