import { createHmac } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:http2";
import { describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { FollowedSource, WebhookKey } from "#core/webhook/index.ts";
import { silentLog } from "#runtime/log.ts";
import { createDispatcher } from "../dispatch.ts";
import { createListener } from "../server/serve.ts";
import { startServer } from "../server/start-server.ts";
import { createWebhookHandler } from "./answer-webhook.ts";

const megabyte = 1_048_576;
const secret = "s3cret";
const repoURL = "https://github.com/acme/shop";
const followed = { repoURL, revision: "main" };

const application: KubeObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "web", namespace: "argocd" },
  spec: {
    sources: [
      { ...followed, targetRevision: "main" },
      { repoURL: "oci://ghcr.io/acme/web", targetRevision: "1.0.0" },
    ],
  },
};

interface Started {
  readonly url: string;
  readonly announced: readonly FollowedSource[];
  readonly bugs: readonly unknown[];
  readonly clock: { nowMs: number };
  /** Of bodies that are on their way. */
  readonly alarms: readonly (() => void)[];
  post(body: string | Buffer, headers?: Readonly<Record<string, string>>, query?: string): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function start(
  secrets: Readonly<Partial<Record<WebhookKey, string>>> = {},
  maxPayloadBytes = 8 * megabyte,
): Promise<Started> {
  const stop = new AbortController();
  const announced: FollowedSource[] = [];
  const bugs: unknown[] = [];
  const alarms: (() => void)[] = [];
  const clock = {
    nowMs: 1_700_000_000_000,
    now: () => clock.nowMs,
    after: (_ms: number, ring: () => void) => {
      alarms.push(ring);
      return { [Symbol.dispose]: () => void alarms.splice(alarms.indexOf(ring), 1) };
    },
  };
  const handler = createWebhookHandler({
    settings: () => ({
      secrets: new Map(Object.entries(secrets) as [WebhookKey, string][]),
      maxPayloadBytes,
    }),
    applications: () => [application],
    announce: (sources) => announced.push(...sources),
    tell: () => undefined,
    clock,
    log: silentLog,
  });
  const dispatcher = createDispatcher<never>(
    {},
    { admit: () => Promise.reject(new Error("nobody asks")), assertChecked: () => undefined },
  );
  const onRequest = createListener({
    dispatcher,
    handlers: [handler],
    maxMessageBytes: 1_000,
    onBug: (error) => bugs.push(error),
    signal: stop.signal,
  });
  const server = await startServer({ host: "127.0.0.1", port: 0, onRequest });
  onTestFinished(async () => {
    stop.abort();
    await server[Symbol.asyncDispose]();
  });
  const url = `http://127.0.0.1:${server.port}/api/webhook`;
  return {
    url,
    announced,
    bugs,
    clock,
    alarms,
    post: async (body, headers = {}, query = "") => {
      const response = await fetch(`${url}${query}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: new Uint8Array(Buffer.from(body)),
      });
      return { status: response.status, text: await response.text() };
    },
  };
}

const text = (payload: JsonObject): string => JSON.stringify(payload);
const hmac = (body: string, key: string): string => createHmac("sha256", key).update(body).digest("hex");
const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;

const githubPush = text({
  ref: "refs/heads/main",
  repository: { clone_url: `${repoURL}.git`, default_branch: "main" },
});
const gitlabPush = text({ object_kind: "push", ref: "refs/heads/main", project: { git_http_url: repoURL } });
const bitbucketPush = text({
  push: { changes: [{ new: { type: "branch", name: "main" }, old: null }] },
  repository: { links: { html: { href: repoURL } } },
});
const bitbucketServerPush = text({
  repository: { links: { clone: [{ href: repoURL, name: "http" }] } },
  changes: [{ ref: { id: "refs/heads/main" } }],
});
const azurePush = text({
  eventType: "git.push",
  resource: { refUpdates: [{ name: "refs/heads/main" }], repository: { remoteUrl: repoURL } },
});
const harborPush = text({
  type: "PUSH_ARTIFACT",
  event_data: { resources: [{ tag: "1.0.0", resource_url: "ghcr.io/acme/web:1.0.0" }] },
});
const dockerPush = text({ push_data: { tag: "1.0.0" }, repository: { repo_name: "acme/web" } });

interface Case {
  readonly from: string;
  readonly secrets: Readonly<Partial<Record<WebhookKey, string>>>;
  readonly body: string;
  /** Of an event that is as good as signed by who knows `key`. */
  readonly headers: (key: string) => Readonly<Record<string, string>>;
  readonly query?: (key: string) => string;
  readonly nothing?: true;
}

const cases: readonly Case[] = [
  {
    from: "GitHub",
    secrets: { "webhook.github.secret": secret },
    body: githubPush,
    headers: (key) => ({
      "x-github-event": "push",
      "x-hub-signature-256": `sha256=${hmac(githubPush, key)}`,
    }),
  },
  {
    from: "Gogs",
    secrets: { "webhook.gogs.secret": secret },
    body: githubPush,
    headers: (key) => ({ "x-gogs-event": "push", "x-gogs-signature": hmac(githubPush, key) }),
  },
  {
    from: "Gitea, which sends headers of GitHub, too",
    secrets: { "webhook.gogs.secret": secret, "webhook.github.secret": "another" },
    body: githubPush,
    headers: (key) => ({
      "x-gitea-event": "push",
      "x-gogs-event": "push",
      "x-github-event": "push",
      "x-gitea-signature": hmac(githubPush, key),
      "x-hub-signature-256": `sha256=${hmac(githubPush, key)}`,
    }),
  },
  {
    from: "GitLab",
    secrets: { "webhook.gitlab.secret": secret },
    body: gitlabPush,
    headers: (key) => ({ "x-gitlab-event": "Push Hook", "x-gitlab-token": key }),
  },
  {
    from: "Bitbucket Cloud",
    secrets: { "webhook.bitbucket.uuid": secret },
    body: bitbucketPush,
    headers: (key) => ({ "x-event-key": "repo:push", "x-hook-uuid": key }),
  },
  {
    from: "Bitbucket Server",
    secrets: { "webhook.bitbucketserver.secret": secret },
    body: bitbucketServerPush,
    headers: (key) => ({
      "x-event-key": "repo:refs_changed",
      "x-hub-signature": `sha256=${hmac(bitbucketServerPush, key)}`,
    }),
  },
  {
    from: "Azure DevOps",
    secrets: { "webhook.azuredevops.username": "azure", "webhook.azuredevops.password": secret },
    body: azurePush,
    headers: (key) => ({ "x-vss-activityid": "1", authorization: basic("azure", key) }),
  },
  {
    from: "Harbor",
    secrets: { "webhook.harbor.secret": secret },
    body: harborPush,
    headers: (key) => ({ authorization: key }),
    query: () => "?from=harbor",
  },
  {
    from: "Docker Hub",
    secrets: { "webhook.dockerhub.secret": secret },
    body: dockerPush,
    headers: () => ({}),
    query: (key) => `?from=dockerhub&token=${key}`,
    nothing: true,
  },
];

describe.each(cases)("an event of $from", ({ secrets, body, headers, query = () => "", nothing }) => {
  it("is acted on when it is signed, and refused when it is signed wrongly or not at all", async () => {
    const server = await start(secrets);
    expect(await server.post(body, headers(secret), query(secret))).toEqual({ status: 200, text: "" });
    expect(server.announced).toHaveLength(nothing ? 0 : 1);
    const wrong = await server.post(body, headers("wrong"), query("wrong"));
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain(Object.keys(secrets)[0]);
    expect(wrong.text).not.toContain(secret);
    const bare = Object.entries(headers(secret)).filter(
      ([name]) => !/signature|token|authorization/u.test(name),
    );
    const unsigned = await server.post(
      body,
      { ...Object.fromEntries(bare), ...("x-hook-uuid" in headers("") ? { "x-hook-uuid": "" } : {}) },
      query(""),
    );
    expect(unsigned.status).toBe(401);
    expect(server.announced).toHaveLength(nothing ? 0 : 1);
  });

  it("is refused before it is parsed when it does not prove itself", async () => {
    const server = await start(secrets);
    expect(await server.post("{ no JSON", headers("wrong"), query("wrong"))).toMatchObject({ status: 401 });
  });

  it("is acted on unsigned where no secret is set", async () => {
    const server = await start();
    expect(await server.post(body, headers("whatever"), query("whatever"))).toMatchObject({ status: 200 });
    expect(server.announced).toHaveLength(nothing ? 0 : 1);
  });

  it("that is no JSON, null, a list, deeply nested or of another shape is a bad request, and no bug", async () => {
    const server = await start();
    const bodies = [
      "",
      "{",
      "null",
      "[]",
      '"text"',
      "7",
      "{}",
      `${"[".repeat(100_000)}`,
      '{"a":'.repeat(5_000),
      "\u0000",
    ];
    const answers = await Promise.all(bodies.map((wrong) => server.post(wrong, headers(""), query(""))));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 400));
    const latin1 = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect(await server.post(latin1, headers(""), query(""))).toMatchObject({ status: 400 });
    expect(server.bugs).toEqual([]);
    expect(server.announced).toEqual([]);
  });
});

describe("the address of webhooks", () => {
  const github = { "x-github-event": "push" };

  it("takes nothing but a POST of JSON from somebody who is known", async () => {
    const server = await start();
    const get = await fetch(server.url);
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await server.post(githubPush)).toMatchObject({
      status: 400,
      text: expect.stringContaining("?from=harbor") as string,
    });
    const form = { ...github, "content-type": "application/x-www-form-urlencoded" };
    expect(await server.post(`payload=${encodeURIComponent(githubPush)}`, form)).toMatchObject({
      status: 415,
      text: expect.stringContaining("application/json") as string,
    });
    expect(server.announced).toEqual([]);
  });

  it("passes over events that push nothing, and pushes that nobody follows", async () => {
    const server = await start();
    for (const event of ["ping", "pull_request", "no-such-event"])
      expect(await server.post("{}", { "x-github-event": event })).toMatchObject({ status: 200 });
    expect(await server.post(githubPush.replace("heads/main", "heads/other"), github)).toMatchObject({
      status: 200,
    });
    expect(server.announced).toEqual([]);
  });

  it("refuses a body over the limit, whether its length is told or not, and a smaller one of whom nothing is proven", async () => {
    const server = await start({ "webhook.github.secret": secret }, megabyte);
    const huge = `{"a":"${"x".repeat(megabyte)}"}`;
    const signed = { ...github, "x-hub-signature-256": `sha256=${hmac(huge, secret)}` };
    expect(await server.post(huge, signed)).toMatchObject({
      status: 413,
      text: expect.stringContaining("webhook.maxPayloadSizeMB") as string,
    });
    const chunked = await fetch(server.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...signed },
      body: new Blob([huge]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(chunked.status).toBe(413);
    const open = await start({}, 50 * megabyte);
    expect(await open.post(`{"a":"${"x".repeat(6 * megabyte)}"}`, github)).toMatchObject({
      status: 413,
      text: expect.stringContaining("argocd-secret") as string,
    });
  });

  it("takes only so many unproven events a minute from one address, and then some again", async () => {
    const server = await start({ "webhook.github.secret": secret });
    const bad = { ...github, "x-hub-signature-256": "sha256=00" };
    const statuses = new Map<number, number>();
    for (let n = 0; n < 130; n += 1) {
      const { status } = await server.post("{}", bad);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect([...statuses]).toEqual([
      [401, 120],
      [429, 10],
    ]);
    server.clock.nowMs += 60_000;
    expect(await server.post("{}", bad)).toMatchObject({ status: 401 });
  });

  it("counts an event that is signed among those of forges, of which there may be many more", async () => {
    const server = await start({ "webhook.github.secret": secret });
    const signed = { ...github, "x-hub-signature-256": `sha256=${hmac(githubPush, secret)}` };
    for (let n = 0; n < 300; n += 1) expect((await server.post(githubPush, signed)).status).toBe(200);
    expect(server.announced).toHaveLength(300);
  });

  it("takes signed events while unsigned ones of another sender and wrong ones use up all that is theirs", async () => {
    const server = await start({ "webhook.github.secret": secret });
    const signed = { ...github, "x-hub-signature-256": `sha256=${hmac(githubPush, secret)}` };
    expect((await server.post(githubPush, signed)).status).toBe(200);
    const gitlab = { "x-gitlab-event": "Push Hook" };
    const wrong = { ...github, "x-hub-signature-256": `sha256=${"0".repeat(64)}` };
    const statuses = new Set<number>();
    for (let n = 0; n < 130; n += 1) {
      statuses.add((await server.post("{}", gitlab)).status);
      statuses.add((await server.post("{}", wrong)).status);
      statuses.add((await server.post("{}", github)).status);
    }
    expect(statuses).toEqual(new Set([400, 401, 429]));
    expect((await server.post(githubPush, signed)).status).toBe(200);
  });

  it("waits for no body of who gives no signature at all", async () => {
    const server = await start({ "webhook.github.secret": secret });
    const request = httpRequest(server.url, {
      method: "POST",
      headers: { ...github, "content-type": "application/json", "content-length": 1_000 },
    });
    request.on("error", () => undefined);
    request.write("{");
    const [response] = (await once(request, "response")) as [{ readonly statusCode: number }];
    request.destroy();
    expect([response.statusCode, server.alarms.length]).toEqual([401, 0]);
  });

  it("drops a body that does not come, so that its place is there for others", async () => {
    const server = await start();
    const slow = Array.from({ length: 20 }, () => {
      const request = httpRequest(server.url, {
        method: "POST",
        headers: { ...github, "content-type": "application/json", "content-length": 1_000 },
      });
      const ended = Promise.withResolvers<void>();
      request.on("error", () => undefined);
      request.once("close", () => ended.resolve());
      request.write("{");
      return ended.promise;
    });
    await expect.poll(() => server.alarms.length).toBe(20);
    expect(await server.post(githubPush, github)).toMatchObject({ status: 429 });
    for (const ring of server.alarms.toReversed()) ring();
    await Promise.all(slow);
    await expect.poll(async () => (await server.post(githubPush, github)).status).toBe(200);
    expect(server.bugs).toEqual([]);
  });

  it("answers over HTTP/2 as well, also when a body is over the limit", async () => {
    const server = await start({ "webhook.github.secret": secret }, megabyte);
    const session = connect(new URL(server.url).origin);
    onTestFinished(() => session.destroy());
    const statusOf = async (body: string): Promise<unknown> => {
      const signed = { ...github, "x-hub-signature-256": `sha256=${hmac(body, secret)}` };
      const stream = session.request({
        ":method": "POST",
        ":path": "/api/webhook",
        "content-type": "application/json",
        ...signed,
      });
      stream.on("error", () => undefined);
      const answered = once(stream, "response");
      stream.end(body);
      const [answer] = (await answered) as [{ readonly ":status": number }];
      return answer[":status"];
    };
    expect(await statusOf(githubPush)).toBe(200);
    expect(await statusOf(githubPush.replace("main", "moin"))).toBe(200);
    expect(await statusOf(`{"a":"${"x".repeat(2 * megabyte)}"}`)).toBe(413);
    expect(server.announced).toHaveLength(1);
  });
});
