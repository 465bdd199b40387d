import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import type { RunningUp } from "./fixture.ts";
import { startUp } from "./fixture.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {simulate.mooring.dev/log: "one ERROR\\ntwo\\nthree error"}
    spec: {containers: [{name: web, image: "web:1"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
`;

const chatty = `apiVersion: v1
kind: Pod
metadata:
  name: chatty
  annotations: {simulate.mooring.dev/log-every: 200ms}
spec: {containers: [{name: chatty, image: "chatty:1"}]}
`;

let up: RunningUp;

beforeAll(async () => {
  up = await startUp();
  await up.repository.commit({ "web.yaml": deployment, "chatty/pod.yaml": chatty });
  await up.deploy("web");
}, 60_000);

afterAll(async () => up[Symbol.asyncDispose]());

interface Node {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
}

async function nodes(): Promise<readonly Node[]> {
  const { body } = await up.admin.get("applications/web/resource-tree");
  return body["nodes"] as unknown as readonly Node[];
}

async function read(query: Parameters<RunningUp["applications"]["podLogs"]>[0]) {
  const entries = [];
  const { headers } = up.admin;
  for await (const entry of up.applications.podLogs({ name: "web", ...query }, { headers }))
    entries.push(entry);
  return entries;
}

const texts = (entries: Awaited<ReturnType<typeof read>>): readonly string[] =>
  entries.filter(({ last }) => !last).map(({ content }) => content);

describe("logs", () => {
  it("are those of all pods of an object by time, then an entry that is the last", async () => {
    const entries = await read({ kind: "Deployment", group: "apps", resourceName: "web" });
    expect(texts(entries).toSorted()).toEqual(
      ["one ERROR", "one ERROR", "two", "two", "three error", "three error"].toSorted(),
    );
    const times = entries.slice(0, -1).map(({ timeStampStr }) => Date.parse(timeStampStr));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(entries.slice(0, -1).map(({ podName }) => podName)).size).toBe(2);
    expect(entries.at(-1)).toMatchObject({ last: true, content: "" });
    expect(texts(await read({ kind: "ConfigMap", resourceName: "settings" }))).toEqual([]);
  });

  it("are filtered, also by what a line does not hold, with or without regard to case", async () => {
    const podName = (await nodes()).find(({ kind }) => kind === "Pod")?.name ?? "";
    expect(texts(await read({ podName, filter: "error" }))).toEqual(["one ERROR", "three error"]);
    expect(texts(await read({ podName, filter: "error", matchCase: true }))).toEqual(["three error"]);
    expect(texts(await read({ podName, filter: "!ERROR" }))).toEqual(["two"]);
    expect(texts(await read({ podName, tailLines: 1n }))).toEqual(["three error"]);
    expect(texts(await read({ podName, untilTime: "2020-01-31T12:00:00Z" }))).toEqual([]);
    expect(texts(await read({ podName, previous: true }))).toEqual([
      expect.stringContaining("previous terminated container"),
    ]);
  });

  it("go on while they are followed, until the client leaves", async () => {
    const podName = (await nodes()).find(({ kind }) => kind === "Pod")?.name ?? "";
    const leave = new AbortController();
    const response = await fetch(
      `${up.url}/api/v1/applications/web/pods/${podName}/logs?follow=true&container=web`,
      { headers: up.admin.headers, signal: leave.signal },
    );
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes("three error")) break;
    }
    leave.abort();
    const [first = ""] = text.split("\n");
    expect(JSON.parse(first)).toMatchObject({
      result: {
        content: "one ERROR",
        last: false,
        podName,
        timeStampStr: expect.stringContaining("T") as string,
      },
    });
    expect(text).not.toContain('"last":true');
  });

  it("are refused with the field that is wrong, and of pods that are not the application's", async () => {
    const told = await Promise.all(
      ["logs?untilTime=soon", "logs?sinceSeconds=-1", "pods/other/logs"].map(async (path) => {
        const response = await fetch(`${up.url}/api/v1/applications/web/${path}`, {
          headers: up.admin.headers,
        });
        return response.text();
      }),
    );
    expect(told).toEqual([
      expect.stringContaining("ApplicationPodLogsQuery.untilTime"),
      expect.stringContaining("ApplicationPodLogsQuery.sinceSeconds"),
      expect.stringContaining("Pod/other: is not part of"),
    ]);
  });

  it("need a permission of their own", async () => {
    const reader = await up.addAccount("reader", "p, reader, applications, get, *, allow");
    const { headers } = reader;
    const call = () => first(up.applications.podLogs({ name: "web" }, { headers }));
    await expect(up.applications.get({ name: "web" }, { headers })).resolves.toMatchObject({});
    expect(await refusalOf(call())).toContain("logs, get, default/web");
  });

  // Class: sessions that have ended.
  it("end when the permission does, however long they have been followed", async () => {
    const source = { repoURL: up.repository.url, path: "chatty", targetRevision: "main" };
    await up.deploy("chatty", { source });
    const policies = "p, talker, applications, get, *, allow\np, talker, logs, get, *, allow";
    const { headers } = await up.addAccount("talker", policies);
    const query = { name: "chatty", podName: "chatty", follow: true };
    const follow = async () => {
      let isTold = false;
      for await (const _entry of up.applications.podLogs(query, { headers })) {
        if (!isTold) await up.setPolicies("p, talker, applications, get, *, allow");
        isTold = true;
      }
    };
    expect(await refusalOf(follow())).toContain("logs, get, default/chatty");
  });

  it("are not read of more pods at once than the settings allow", async () => {
    await up.configure({ "server.maxPodLogsToRender": "1" });
    const refusal = () =>
      failureOf(first(up.applications.podLogs({ name: "web" }, { headers: up.admin.headers })));
    await expect.poll(refusal, { timeout: 30_000 }).toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining("server.maxPodLogsToRender of argocd-cm") as string,
    });
  });
});

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

async function failureOf(answer: Promise<unknown>): Promise<ConnectError | undefined> {
  const error: unknown = await answer.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return error instanceof ConnectError ? error : undefined;
}

async function refusalOf(answer: Promise<unknown>): Promise<string> {
  const error = await failureOf(answer);
  expect(error?.code).toBe(Code.PermissionDenied);
  return error?.rawMessage ?? "";
}

it("events are those of the application on the hub, or of an object in its cluster", async () => {
  const pod = (await nodes()).find(({ kind }) => kind === "Pod");
  const event = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "pulled", namespace: "web" },
    involvedObject: { kind: "Pod", namespace: "web", name: pod?.name ?? "", uid: pod?.uid ?? "" },
    reason: "Inspected",
    message: "the image is there",
    type: "Normal",
    firstTimestamp: "2026-01-31T12:00:00Z",
    lastTimestamp: "2026-01-31T12:00:00Z",
    count: 1,
  };
  await up.cluster.create(hubTypes.event, event, { fieldManager: "test", signal: up.signal });
  const query = `resourceName=${pod?.name ?? ""}&resourceNamespace=web&resourceUID=${pod?.uid ?? ""}`;
  const { body } = await up.admin.get(`applications/web/events?${query}`);
  const items = body["items"] as readonly { readonly reason: string; readonly involvedObject: object }[];
  expect(items.filter(({ reason }) => reason === "Inspected")).toHaveLength(1);
  expect(
    items.every(({ involvedObject }) => "uid" in involvedObject && involvedObject.uid === pod?.uid),
  ).toBe(true);
  const own = await up.admin.get("applications/web/events");
  expect(own.status).toBe(200);
  expect(JSON.stringify(own.body)).not.toContain("the image is there");
  expect(await up.admin.get("applications/web/events?resourceName=other")).toMatchObject({ status: 404 });
});

it("the tree is told again when a pod comes", async () => {
  const { headers } = up.admin;
  const leave = new AbortController();
  const trees = up.applications.watchResourceTree(
    { applicationName: "web" },
    { headers, signal: leave.signal },
  );
  let told = 0;
  for await (const tree of trees) {
    told += 1;
    const pods = tree.nodes.filter(({ resourceRef }) => resourceRef?.kind === "Pod").length;
    if (told === 1) {
      expect(pods).toBe(2);
      await up.repository.commit({ "web.yaml": deployment.replace("replicas: 2", "replicas: 3") });
      await up.admin.get("applications/web?refresh=normal");
    }
    if (pods === 3) break;
  }
  leave.abort();
  expect(told).toBeGreaterThan(1);
});
