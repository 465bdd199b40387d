import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import type { ClusterConnection } from "#core/cluster/connection.ts";
import type { Clock } from "#runtime/clock.ts";
import { type KubeRequest, startClient } from "./client.ts";
import type { HttpRequest, Transport } from "./transport.ts";

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const ok: Answer = { status: 200, body: '{"kind":"Thing"}' };
const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const connection: ClusterConnection = {
  server: "https://cluster",
  tls: { insecure: false },
  auth: { kind: "none" },
};
const { signal } = new AbortController();

const get: KubeRequest = {
  method: "GET",
  path: "/thing",
  subject: { text: "Thing/a", secret: false },
  repeatable: true,
};
const post: KubeRequest = { ...get, method: "POST", repeatable: false, body: { password: "hunter2" } };

/** A client on a network that gives these answers in order; what is no Answer is a failing connection. */
function start(...script: readonly (Answer | Error)[]) {
  const answers = [...script];
  const [sent, slept]: [HttpRequest[], number[]] = [[], []];
  let renewals = 0;
  const transport: Transport = {
    send: async (request) => {
      sent.push(request);
      const answer = answers.shift() ?? ok;
      if (answer instanceof Error) throw answer;
      const body = Readable.from([Buffer.from(answer.body ?? "")]);
      return { status: answer.status, headers: answer.headers ?? {}, body };
    },
    rotate: () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const clock: Clock = {
    now: () => 0,
    sleep: async (ms) => void slept.push(ms),
    after: () => ({ [Symbol.dispose]: () => undefined }),
  };
  const credentials = {
    read: async () => ({ authorization: `Bearer ${renewals}` }),
    forget: () => {
      renewals += 1;
      return true;
    },
  };
  const client = startClient({
    connection,
    transport,
    streamTransport: transport,
    credentials,
    clock,
    random: () => 0,
  });
  return { client, sent, slept };
}

it("waits as long as a throttling server asks, for every verb", async () => {
  const { client, slept } = start({ status: 429, headers: { "retry-after": "2" } }, { status: 429 });
  expect((await client.json(post, signal)).value).toEqual({ kind: "Thing" });
  expect(slept).toEqual([2_000, 400]);
});

it("repeats after a cut connection only what may arrive twice", async () => {
  const { client, sent } = start(reset, { status: 503 });
  await client.json(get, signal);
  expect(sent).toHaveLength(3);
  const other = start(reset);
  await expect(other.client.json(post, signal)).rejects.toMatchObject({
    code: "KUBE_UNREACHABLE",
    cause: reset,
  });
  expect(other.sent).toHaveLength(1);
  const never = start(refused);
  await never.client.json(post, signal);
  expect(never.sent).toHaveLength(2);
});

it("does not repeat what the server failed at", async () => {
  const { client, sent } = start({ status: 500, body: '{"message":"webhook is down"}' });
  await expect(client.json(get, signal)).rejects.toThrow(
    "Thing/a: the API server answered 500: webhook is down",
  );
  expect(sent).toHaveLength(1);
});

it("gives up after five tries", async () => {
  const { client, sent } = start(...Array.from({ length: 9 }, () => refused));
  await expect(client.json(get, signal)).rejects.toMatchObject({
    code: "KUBE_UNREACHABLE",
    message: "https://cluster: nothing listens there; check the address and whether the API server runs",
  });
  expect(sent).toHaveLength(5);
});

it("renews its login once when it is refused", async () => {
  const { client, sent } = start({ status: 401 });
  await client.json(get, signal);
  expect(sent.map((request) => request.headers["authorization"])).toEqual(["Bearer 0", "Bearer 1"]);
  const { client: locked } = start({ status: 401 }, { status: 401 });
  await expect(locked.json(get, signal)).rejects.toMatchObject({ code: "KUBE_UNAUTHORIZED" });
});

it("reads no more than its limit, also of what is small only while compressed", async () => {
  const limited = { ...get, maxBytes: 1000 };
  const plain = start({ status: 200, body: `"${"a".repeat(2000)}"` });
  await expect(plain.client.json(limited, signal)).rejects.toMatchObject({ code: "KUBE_TOO_LARGE" });
  const body = gzipSync(`"${"a".repeat(2000)}"`);
  const packed = start({ status: 200, headers: { "content-encoding": "gzip" }, body });
  await expect(packed.client.json(limited, signal)).rejects.toMatchObject({ code: "KUBE_TOO_LARGE" });
});

it("sends nothing that the API server would not take for its size", async () => {
  const { client, sent } = start();
  const huge = { ...post, body: { text: "a".repeat(3 * 1024 * 1024) } };
  await expect(client.json(huge, signal)).rejects.toMatchObject({ code: "KUBE_TOO_LARGE" });
  expect(sent).toEqual([]);
});

it("names impersonated users, groups and extras in headers", async () => {
  const { client, sent } = start();
  const eve = client.as({ user: "eve", uid: "1", groups: ["a", "b"], extra: { "acme.io/Scope": ["x"] } });
  await eve.json(get, signal);
  expect(sent[0]?.headers).toMatchObject({
    "impersonate-user": "eve",
    "impersonate-uid": "1",
    "impersonate-group": ["a", "b"],
    "impersonate-extra-acme.io%2fscope": ["x"],
  });
});

it("ends with AbortError when its signal aborts, whatever the reason", async () => {
  const controller = new AbortController();
  controller.abort(new Error("shutdown"));
  await expect(start().client.json(get, controller.signal)).rejects.toMatchObject({ name: "AbortError" });
});

it("says that a server that answers no JSON is no API server", async () => {
  const { client } = start({ status: 200, body: "<html>" });
  await expect(client.json(get, signal)).rejects.toThrow(
    "check that the server URL is a Kubernetes API server's",
  );
});
