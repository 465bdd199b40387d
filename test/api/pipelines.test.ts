import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { services } from "#api/contract/methods.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { askGrpc, askRest, askRestStream } from "./ask.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const { signal } = new AbortController();
const options = { fieldManager: "test", signal } as const;
const namespace = "argocd";
const base = "/api/mooring/v1";
const revision = "1a2b3c4d".padEnd(40, "0");
const older = "feedbeef".padEnd(40, "0");
const digest = `sha256:${"a".repeat(64)}`;

/**
 * `ada` promotes and may approve like `bob`, `carol` and `dora`; `carol` is no approver of the gate, `reader` sees everything, and `mallory` has
 * all rights in another project.
 */
const policy = `
g, reader, role:readonly
p, role:dev, pipelines, get, shop/*, allow
p, role:dev, pipelines, promote/*, shop/*, allow
p, role:dev, pipelines, approve/prod, shop/*, allow
g, ada, role:dev
g, bob, role:dev
g, carol, role:dev
g, dora, role:dev
p, mallory, pipelines, *, bank/*, allow
p, owner, pipelines, *, shop/*, allow
`;
const people = ["ada", "bob", "carol", "dora", "reader", "mallory", "owner"];

let api: RunningApi;
const tokens: Record<string, string> = {};

interface Told {
  readonly status: number;
  readonly body: JsonObject;
}

async function ask(who: string, line: string, body?: JsonObject): Promise<Told> {
  const [verb = "", url = ""] = line.split(" ");
  const sent = { verb, url: `${base}${url}`, body: body === undefined ? undefined : JSON.stringify(body) };
  const { status, text } = await askRest(api.baseUrl, sent, tokens[who]);
  return { status, body: JSON.parse(text) as JsonObject };
}

async function ok(who: string, line: string, body?: JsonObject): Promise<JsonObject> {
  const told = await ask(who, line, body);
  if (told.status !== 200) throw new Error(`${who} ${line}: ${told.status} ${JSON.stringify(told.body)}`);
  return told.body;
}

async function refused(who: string, line: string, body?: JsonObject): Promise<string> {
  const told = await ask(who, line, body);
  return `${told.status} ${viewString(told.body, "message") ?? ""}`;
}

const spec = (project = "shop"): JsonObject => ({
  project,
  repoURL: "https://git.invalid/shop.git",
  stages: [
    { name: "dev", branch: "main", applications: ["shop-dev"] },
    {
      name: "prod",
      branch: "prod",
      applications: ["shop-prod"],
      gates: [{ approvals: { required: 2, users: ["ada", "bob", "dora"] } }],
    },
  ],
});

/** Writes a status as the controller does. */
async function tell(type: "pipeline" | "promotion", name: string, status: JsonObject): Promise<void> {
  const ref = { type: hubTypes[type], namespace, name };
  await api.hub.mergePatch(ref, { status }, { ...options, subresource: "status" });
}

const waiting: JsonObject = {
  phase: "Waiting",
  commit: revision,
  plan: { digest, applications: [{ namespace, name: "shop-prod", digest, summary: "1 to change" }] },
  commits: [{ commit: revision, author: "dora", email: "dora@example.com", subject: "Faster checkout" }],
};

/** A promotion by ada that waits for approvals. */
async function waitingPromotion(): Promise<string> {
  const made = await ok("ada", "POST /pipelines/shop/stages/prod/promote", { reason: "the feast" });
  const name = viewString(made, "metadata", "name") ?? "";
  await tell("promotion", name, waiting);
  return name;
}

async function configure(): Promise<void> {
  const configMap = (name: string) => ({ type: hubTypes.configMap, namespace, name });
  const accounts = Object.fromEntries(people.map((name) => [`accounts.${name}`, "apiKey"]));
  await api.hub.mergePatch(configMap("argocd-cm"), { data: accounts }, options);
  await api.hub.mergePatch(configMap("argocd-rbac-cm"), { data: { "policy.csv": policy } }, options);
  for (const name of people) {
    // The server hears of accounts by a watch.
    await vi.waitFor(
      async () => {
        const url = `/api/v1/account/${name}/token`;
        const asked = { verb: "POST", url, body: JSON.stringify({ name }) };
        const { status, text } = await askRest(api.baseUrl, asked, tokens["admin"]);
        expect(status).toBe(200);
        tokens[name] = viewString(JSON.parse(text) as JsonObject, "token") ?? "";
      },
      { timeout: 20_000 },
    );
  }
}

beforeAll(async () => {
  const project = (name: string, repos: readonly string[]) => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name, namespace },
    spec: { sourceRepos: [...repos], destinations: [{ server: "*", namespace: "*" }] },
  });
  api = await startApi([project("shop", ["https://git.invalid/*"]), project("bank", ["*"])]);
  tokens["admin"] = api.tokens.admin;
  await configure();
});

afterAll(async () => await api[Symbol.asyncDispose]());

beforeEach(async () => {
  for (const type of [hubTypes.promotion, hubTypes.pipeline]) {
    const all = await api.hub.list(type, { namespace, signal });
    for (const { metadata } of all)
      await api.hub.remove(
        { type, namespace, name: metadata.name ?? "" },
        { propagation: "Background", signal },
      );
  }
  await expect.poll(async () => await ok("admin", "GET /promotions")).toEqual({ items: [] });
  await ok("admin", "POST /pipelines", { metadata: { name: "shop" }, spec: spec() });
  const candidate = { revision, subject: "Faster checkout", commits: 1 };
  await tell("pipeline", "shop", {
    stages: [
      { name: "dev", tip: revision, revision },
      { name: "prod", revision: older, candidate },
    ],
  });
});

describe("a pipeline", () => {
  it("is created, read, changed, refreshed, held and deleted", async () => {
    const made = { metadata: { name: "bank" }, spec: spec("bank") };
    await ok("mallory", "POST /pipelines", made);
    await ok("mallory", "POST /pipelines", made);
    const changed = { ...spec("bank"), suspend: true };
    expect(await refused("mallory", "POST /pipelines", { ...made, spec: changed })).toContain(
      "409 Pipeline/argocd/bank: exists with another spec; use upsert",
    );
    expect(await ok("mallory", "POST /pipelines?upsert=true", { ...made, spec: changed })).toMatchObject({
      spec: { suspend: true },
    });
    await ok("mallory", "POST /pipelines/bank/stages/prod/hold", { reason: "black friday" });
    const forged = { metadata: { name: "bank", annotations: { "mooring.dev/hold.dev": "{}", a: "b" } } };
    const updated = await ok("mallory", "PUT /pipelines/bank", { ...forged, spec: spec("bank") });
    const { "mooring.dev/hold.prod": held, ...others } = viewObject(updated, "metadata", "annotations");
    expect(JSON.parse(typeof held === "string" ? held : "")).toMatchObject({
      by: "mallory",
      reason: "black friday",
    });
    expect(others).toEqual({ a: "b" });
    await ok("mallory", "POST /pipelines/bank/stages/prod/resume", {});
    const refreshed = await ok("mallory", "POST /pipelines/bank/refresh", {});
    expect(Object.keys(viewObject(refreshed, "metadata", "annotations")).toSorted()).toEqual([
      "a",
      "mooring.dev/refresh",
      "mooring.dev/resume.prod",
    ]);
    await ok("mallory", "DELETE /pipelines/bank");
    expect(await refused("admin", "GET /pipelines/bank")).toMatch(/^404 Pipeline\/argocd\/bank/u);
  });

  it("is refused where it makes no sense, or where its project does not permit its repository", async () => {
    const create = async (wanted: JsonObject) =>
      await refused("owner", "POST /pipelines", { metadata: { name: "new" }, spec: wanted });
    expect(await create({ ...spec(), stages: [] })).toContain(
      "400 Pipeline/argocd/new: spec.stages is empty",
    );
    expect(await create({ ...spec(), repoURL: "https://evil.example.com/x.git" })).toMatch(
      /^403 Pipeline\/argocd\/new: repository https:\/\/evil.example.com\/x.git is not permitted in project "shop"/u,
    );
    expect(await create({ ...spec(), unheard: true })).toContain("spec.unheard is not known");
    expect(await create(spec("bank"))).toContain("403 permission denied: pipelines, create, bank/new");
  });

  it("moves to another project only by who may do so in both", async () => {
    const moved = { metadata: { name: "shop" }, spec: spec("bank") };
    expect(await refused("owner", "PUT /pipelines/shop", moved)).toContain("pipelines, update, bank/shop");
    expect(await refused("mallory", "PUT /pipelines/shop", moved)).toContain("pipelines, update, ?/shop");
    await ok("admin", "PUT /pipelines/shop", moved);
  });

  // Class: authorisation.
  it("is not there for who may not see it", async () => {
    for (const name of ["shop", "nothing"]) {
      expect(await refused("mallory", `GET /pipelines/${name}`)).toBe(
        `403 permission denied: pipelines, get, ?/${name}, sub: mallory; ask for it in policy.csv of argocd-rbac-cm`,
      );
    }
    expect(await ok("mallory", "GET /pipelines")).toEqual({ items: [] });
    await expect
      .poll(async () => await ok("reader", "GET /pipelines"))
      .toMatchObject({ items: [{ metadata: { name: "shop" } }] });
    const promotion = await waitingPromotion();
    const wishes = [
      ["GET", "", undefined],
      ["GET", "/plan", undefined],
      ["POST", "/approve", { digest }],
      ["POST", "/reject", { reason: "no" }],
      ["POST", "/break-glass", { reason: "no" }],
    ] as const;
    for (const [verb, path, body] of wishes) {
      const [there, not] = await Promise.all(
        [promotion, "nothing"].map(
          async (name) => await refused("mallory", `${verb} /promotions/${name}${path}`, body),
        ),
      );
      expect(there).toMatch(/^403 permission denied: pipelines, [-a-z]+(?:\/\?)?, \?\/\?, sub: mallory/u);
      expect(not).toBe(there);
    }
    expect(await ok("mallory", "GET /promotions")).toEqual({ items: [] });
  });

  it("is watched", async () => {
    const { text } = await askRestStream(
      api.baseUrl,
      `${base}/stream/pipelines?name=shop`,
      tokens["reader"] ?? "",
    );
    expect(text).toContain('"type":"ADDED"');
    expect(text).toContain('"name":"shop"');
  });
});

describe("a promotion", () => {
  it("is asked for by who may promote to the stage, once, in their name", async () => {
    const first = await ok("ada", "POST /pipelines/shop/stages/prod/promote", { reason: "the feast" });
    expect(first).toMatchObject({
      metadata: { name: "shop-prod-1a2b3c4", labels: { "mooring.dev/stage": "prod" } },
      spec: {
        kind: "Promote",
        cause: "Person",
        revision,
        requestedBy: { username: "ada" },
        reason: "the feast",
      },
    });
    const again = await ok("bob", "POST /pipelines/shop/stages/prod/promote", { revision: "1a2b3c4" });
    expect(again).toMatchObject({ metadata: { name: "shop-prod-1a2b3c4" } });
    expect(again).toMatchObject({ spec: { requestedBy: { username: "ada" } } });
    await tell("promotion", "shop-prod-1a2b3c4", { phase: "Failed" });
    const second = await ok("bob", "POST /pipelines/shop/stages/prod/promote", {});
    expect(second).toMatchObject({ metadata: { name: "shop-prod-1a2b3c4-2" }, spec: { attempt: 2 } });
  });

  it.each([
    ["reader", "prod", {}, "403 permission denied: pipelines, promote/prod, shop/shop"],
    ["ada", "nowhere", {}, '404 Pipeline/argocd/shop: has no stage "nowhere"; use one of dev, prod'],
    ["ada", "dev", {}, "is the first, which is whatever is on main"],
    ["ada", "prod", { revision: "main" }, '400 revision: "main" is no commit'],
    ["ada", "prod", { revision: "ffffffff" }, "begins no commit that the pipeline knows"],
    ["ada", "prod", { reason: "a".repeat(1025) }, "400 reason: has 1025 characters"],
    ["ada", "prod", { release: "../x" }, '400 release: "../x" is no name'],
  ])("is refused: %s, %s, %j", async (...given) => {
    const [who, stage, body, message] = given;
    expect(await refused(who, `POST /pipelines/shop/stages/${stage}/promote`, body)).toContain(message);
    expect(await api.hub.list(hubTypes.promotion, { namespace, signal })).toEqual([]);
  });

  it("is listed newest first, by pages, and narrowed", async () => {
    const name = await waitingPromotion();
    await ok("ada", "POST /pipelines/shop/stages/prod/promote", { revision: "b".repeat(40) });
    const page = await ok("reader", "GET /promotions?limit=1");
    const next = await ok("reader", `GET /promotions?limit=1&continue=${viewString(page, "continue") ?? ""}`);
    const names = [page, next].flatMap((one) => one["items"] as readonly JsonObject[]);
    expect(new Set(names.map((one) => viewString(one, "metadata", "name")))).toEqual(
      new Set([name, "shop-prod-bbbbbbb"]),
    );
    expect(next["continue"]).toBeUndefined();
    await expect
      .poll(async () => await ok("reader", "GET /promotions?phases=Waiting&stage=prod&pipeline=shop"))
      .toMatchObject({
        items: [{ metadata: { name } }],
      });
    expect(await ok("reader", "GET /promotions?phases=Failed")).toEqual({ items: [] });
    expect(await refused("reader", "GET /promotions?phases=Odd")).toContain('400 phases: "Odd" is none of');
    expect(await refused("reader", "GET /promotions?limit=501")).toContain("400 limit: must be 1 to 500");
    expect(await ok("reader", `GET /promotions/${name}/plan`)).toMatchObject({
      promotion: name,
      digest,
      applications: [{ name: "shop-prod", summary: "1 to change" }],
      commits: [{ subject: "Faster checkout" }],
    });
  });
});

describe("a rollback", () => {
  it("goes to what was there before, and says why", async () => {
    const name = await waitingPromotion();
    const back = "POST /pipelines/shop/stages/prod/rollback";
    expect(await refused("ada", back, { reason: "it burns" })).toContain(
      "pipelines, rollback/prod, shop/shop",
    );
    expect(await refused("owner", back, { reason: "it burns" })).toContain(
      "holds nothing that a promotion brought",
    );
    const candidate = { revision: "b".repeat(40) };
    await tell("promotion", name, {
      phase: "Succeeded",
      writtenAt: "2026-01-30T11:59:00Z",
      finishedAt: "2026-01-30T12:00:00Z",
    });
    await tell("pipeline", "shop", { stages: [{ name: "prod", revision: older, candidate }] });
    const bad = await ok("ada", "POST /pipelines/shop/stages/prod/promote", {});
    const current = viewString(bad, "metadata", "name") ?? "";
    await tell("promotion", current, { phase: "Failed", finishedAt: "2026-01-31T12:00:00Z" });
    const own = { name: "prod", revision: candidate.revision, promotion: current };
    await tell("pipeline", "shop", { stages: [own] });
    expect(await refused("owner", back, {})).toContain("400 reason: is missing");
    expect(await refused("owner", back, { reason: "x", to: current })).toContain(`holds ${current} already`);
    expect(await refused("owner", back, { reason: "x", to: "other" })).toContain(
      '404 Pipeline/argocd/shop: stage prod has no promotion "other"',
    );
    expect(await ok("owner", back, { reason: "it burns" })).toMatchObject({
      metadata: { name: "shop-prod-back-1a2b3c4" },
      spec: { kind: "Rollback", revision, rollbackTo: name, reason: "it burns" },
    });
  });
});

describe("a release", () => {
  const target = (pipeline: string) => ({ pipeline, stage: "prod" });

  it("asks for all of its promotions, or for none", async () => {
    await ok("admin", "POST /pipelines", {
      metadata: { name: "cart" },
      spec: {
        ...spec(),
        stages: (spec()["stages"] as readonly JsonObject[]).map((stage) => ({ ...stage, applications: [] })),
      },
    });
    const targets = [target("shop"), target("cart")];
    expect(await refused("ada", "POST /releases", { name: "may", targets })).toContain("has no candidate");
    expect(await api.hub.list(hubTypes.promotion, { namespace, signal })).toEqual([]);
    const named = [target("shop"), { ...target("cart"), revision: "b".repeat(40) }];
    expect(await ok("ada", "POST /releases", { name: "may", targets: named })).toMatchObject({
      items: [
        {
          metadata: { name: "shop-prod-1a2b3c4", annotations: { "mooring.dev/release-size": "2" } },
          spec: { release: "may" },
        },
        { metadata: { name: "cart-prod-bbbbbbb" }, spec: { release: "may" } },
      ],
    });
    expect(await refused("ada", "POST /releases", { name: "june", targets: named })).toContain(
      "is Pending and not of release june",
    );
    expect(
      await refused("ada", "POST /releases", { name: "may", targets: [target("shop"), target("shop")] }),
    ).toContain("is there twice");
    expect(await refused("mallory", "POST /releases", { name: "may", targets: named })).toContain(
      "403 permission denied: pipelines, promote/prod, ?/shop",
    );
  });
});

describe("an approval", () => {
  const approve = (name: string) => `POST /promotions/${name}/approve`;

  it("is of the digest that was read, in the caller's name, and both of two at once count", async () => {
    const name = await waitingPromotion();
    await tell("promotion", name, { commits: [] });
    const said = { digest, comment: "looks good" };
    await Promise.all(["bob", "dora"].map(async (who) => await ok(who, approve(name), said)));
    await ok("bob", approve(name), said);
    const promotion = await ok("reader", `GET /promotions/${name}`);
    const approvals = viewObject(promotion, "status")["approvals"] as readonly JsonObject[];
    expect(new Set(approvals.map((one) => viewString(one, "username")))).toEqual(new Set(["bob", "dora"]));
    expect(approvals[0]).toMatchObject({ digest, comment: "looks good" });
    const audit = await ok("admin", "GET /audit?method=Approve&user=dora&limit=1");
    expect(audit).toMatchObject({
      items: [
        {
          target: { kind: "Promotion", name, namespace },
          outcome: "ok",
          plan: digest,
          user: { name: "dora" },
        },
      ],
    });
  });

  it.each([
    [
      "ada",
      { digest },
      "403 Promotion/argocd/shop-prod-1a2b3c4: an approval by ada does not count, because they asked for",
    ],
    [
      "dora",
      { digest },
      "403 Promotion/argocd/shop-prod-1a2b3c4: an approval by dora does not count, because they are the author",
    ],
    ["carol", { digest }, "an approval by carol does not count for gate approvals; ask user ada or user bob"],
    ["reader", { digest }, "403 permission denied: pipelines, approve/prod, shop/shop, sub: reader"],
    ["bob", { digest: `sha256:${"b".repeat(64)}` }, "409 Promotion/argocd/shop-prod-1a2b3c4: sha256:bbb"],
    ["bob", { digest: "latest" }, "400 digest: is no digest"],
    ["bob", {}, "400 digest: is no digest"],
    ["bob", { digest, comment: "a\u001B[2J" }, "400 comment: has characters that cannot be printed"],
  ])("by %s of %j is refused, and nothing is written", async (who, body, message) => {
    const name = await waitingPromotion();
    expect(await refused(who, approve(name), body)).toContain(message);
    expect(viewObject(await ok("reader", `GET /promotions/${name}`), "status")).toEqual(waiting);
  });

  it("of what was rejected or let through says so", async () => {
    const name = await waitingPromotion();
    const glass = `POST /promotions/${name}/break-glass`;
    expect(await refused("bob", glass, { reason: "fire" })).toContain(
      "pipelines, break-glass/prod, shop/shop",
    );
    expect(await ok("owner", glass, { reason: "fire" })).toMatchObject({
      status: { breakGlass: { username: "owner", reason: "fire" } },
    });
    expect(await refused("bob", `POST /promotions/${name}/reject`, {})).toContain("400 reason: is missing");
    await ok("bob", `POST /promotions/${name}/reject`, { reason: "not today" });
    expect(await refused("bob", approve(name), { digest })).toContain("was rejected by bob");
  });
});

// Class: authorisation.
describe("a name", () => {
  it.each(["a%2Fb", "..%2Fsecrets", "%00", "A", "shop%20", "x".repeat(300)])(
    "that is none reaches nothing: %s",
    async (name) => {
      for (const path of [`/pipelines/${name}`, `/promotions/${name}`])
        expect(await refused("admin", `GET ${path}`)).toMatch(/^400 (?:name|promotion): /u);
    },
  );

  it("in a namespace that is not looked at is refused, whatever is there", async () => {
    const reason = { reason: "no", namespace: "kube-system" };
    for (const [line, body] of [
      ["GET /pipelines?namespace=kube-system"],
      ["GET /pipelines/shop?namespace=kube-system"],
      ["GET /promotions?namespace=..%2Fx"],
      ["POST /promotions/shop-prod-1a2b3c4/reject", reason],
      ["POST /pipelines", { metadata: { name: "x", namespace: "kube-system" }, spec: spec() }],
    ] as const)
      expect(await refused("admin", line, body)).toContain("are not looked at here; use argocd");
  });

  it("is taken over gRPC as over REST", async () => {
    const transport = createGrpcTransport({ baseUrl: api.baseUrl });
    const { get, approve, promote } = services.pipeline.method;
    const asking = async (
      method: typeof get | typeof approve | typeof promote,
      who: string,
      request: JsonObject,
    ) => await askGrpc(transport, method, { request, token: tokens[who] });
    const found = await asking(get, "reader", { name: "shop" });
    expect(JSON.parse(found.text)).toMatchObject({ metadata: { name: "shop" }, spec: spec() });
    const made = await asking(promote, "ada", { pipeline: "shop", stage: "prod" });
    const promotion = viewString(JSON.parse(made.text) as JsonObject, "metadata", "name") ?? "";
    await tell("promotion", promotion, waiting);
    expect((await asking(approve, "ada", { promotion, digest })).status).toBe("PermissionDenied");
    expect((await asking(approve, "bob", { promotion, digest })).status).toBe("OK");
  });
});
