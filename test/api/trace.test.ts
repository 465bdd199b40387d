import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { RunningUp } from "./fixture.ts";
import { startUp } from "./fixture.ts";
import { openHome } from "./run-cli.ts";

const digest = `sha256:${"a".repeat(64)}`;

const deployment = (image: string, failing = false): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  progressDeadlineSeconds: ${failing ? 1 : 600}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}${failing ? ", annotations: {simulate.mooring.dev/image-pull: fail}" : ""}}
    spec: {containers: [{name: web, image: "${image}"}]}
`;
const settings = (level: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: ${level}}
`;

let up: RunningUp;
let first: string;

beforeAll(async () => {
  up = await startUp();
  first = await up.repository.commit(
    { "shop/all.yaml": deployment("registry.example/web:1.0"), "pay/all.yaml": settings("info") },
    { message: "The shop and how it is paid for" },
  );
  const from = (path: string) => ({ source: { repoURL: up.repository.url, path, targetRevision: "main" } });
  await up.deploy("shop", from("shop"));
  await up.deploy("pay", from("pay"));
}, 60_000);

afterAll(async () => up[Symbol.asyncDispose]());

async function ask(path: string, headers = up.admin.headers): Promise<JsonObject> {
  const response = await fetch(`${up.url}/api/mooring/v1/trace${path}`, { headers });
  return (await response.json()) as JsonObject;
}

const find = (what: string, more = "") => ask(`?what=${encodeURIComponent(what)}${more}`);

/** Of each application its state. */
function statesOf(trace: JsonValue): Readonly<Record<string, string>> {
  return Object.fromEntries(
    viewArray(trace, "lines").map((line) => [
      viewString(line, "name") ?? "",
      viewString(line, "state") ?? "",
    ]),
  );
}

/** Has the server look at the repository now. */
async function refresh(name: string): Promise<void> {
  await up.admin.get(`applications/${name}?refresh=normal`);
}

let second: string;

it("tells that a commit touches one application of a repository, how it came to it, and that it does not change the other", async () => {
  second = await up.repository.change(
    { "shop/all.yaml": deployment(`registry.example/web:1.1@${digest}`) },
    { message: "Web 1.1\n\nMooring-Promotion: shop-prod-1", author: "Grace Hopper <grace@example.com>" },
  );
  await refresh("shop");
  await refresh("pay");
  await eventually(async () => {
    const trace = await find(second);
    expect(statesOf(trace)).toEqual({ pay: "unchanged", shop: "healthy" });
    expect(viewArray(trace, "commits")).toMatchObject([
      {
        id: second,
        author: "Grace Hopper <grace@example.com>",
        subject: "Web 1.1",
        promotion: "shop-prod-1",
      },
    ]);
    const line = viewArray(trace, "lines").find((one) => viewString(one, "name") === "shop");
    const steps = ["committed", "seen", "rendered", "started", "applied", "healthy"].map((step) =>
      viewString(line, "delivery", step),
    );
    expect(steps).not.toContain(undefined);
    expect(viewString(line, "delivery", "by")).toBe("automation");
  });
});

it("takes the beginning of an id and a branch, and what came later contains what came before", async () => {
  expect(statesOf(await find(second.slice(0, 9)))).toEqual({ pay: "unchanged", shop: "healthy" });
  expect(statesOf(await find("main"))).toEqual({ pay: "unchanged", shop: "healthy" });
  expect(statesOf(await find(first))).toEqual({ pay: "healthy", shop: "healthy" });
});

it("tells that a commit on another branch never reached an application", async () => {
  await up.repository.branch("topic", second);
  const topic = await up.repository.change(
    { "pay/all.yaml": settings("debug") },
    { branch: "topic", message: "Topic" },
  );
  const trace = await find(topic);
  expect(statesOf(trace)).toEqual({ pay: "absent", shop: "unchanged" });
  const unknown = await find("1234567890123456789012345678901234567890");
  expect(viewString(unknown, "message")).toContain("is no commit");
});

it("finds an image by name, tag and digest, with the commit that brought it, and where it was before", async () => {
  for (const what of ["registry.example/web", "registry.example/web:1.1", `registry.example/web@${digest}`]) {
    await eventually(async () => {
      const [line] = viewArray(await find(what), "lines");
      expect(line).toMatchObject({
        name: "shop",
        state: "healthy",
        images: [`registry.example/web:1.1@${digest}`],
        commit: { id: second, subject: "Web 1.1", promotion: "shop-prod-1" },
      });
    });
  }
  const [old] = viewArray(await find("registry.example/web:1.0"), "lines");
  expect(old).toMatchObject({
    name: "shop",
    state: "replaced",
    note: `it was replaced by ${second.slice(0, 7)}`,
  });
  expect(viewArray(await find("registry.example/other:1"), "lines")).toEqual([]);
});

it("counts a delivery that left the application Degraded as a failure, and how long it took until it was well again", async () => {
  const broken = await up.repository.change({
    "shop/all.yaml": deployment("registry.example/web:1.2", true),
  });
  await refresh("shop");
  await eventually(async () => expect(statesOf(await find(broken))).toMatchObject({ shop: "degraded" }));
  const fixed = await up.repository.change({ "shop/all.yaml": deployment("registry.example/web:1.3") });
  await refresh("shop");
  await eventually(async () => expect(statesOf(await find(fixed))).toMatchObject({ shop: "healthy" }));
  await eventually(async () => {
    const figures = await ask("/figures?apps=shop");
    const [shop] = viewArray(figures, "applications");
    expect(shop).toMatchObject({ name: "shop", deliveries: 3, deployments: 3, failures: 1, few: true });
    expect(viewNumber(shop, "leadTime", "count")).toBe(2);
    expect(viewNumber(shop, "restoreTime", "count")).toBe(1);
    expect(viewArray(figures, "projects")).toMatchObject([{ project: "default", deliveries: 3 }]);
  });
});

it("shows nobody what they may not see", async () => {
  const payer = await up.addAccount(
    "payer",
    "p, role:payer, applications, get, default/pay, allow\ng, payer, role:payer",
  );
  expect(statesOf(await ask(`?what=${second}`, payer.headers))).toEqual({ pay: "unchanged" });
  expect(viewArray(await ask("?what=registry.example/web:1.3", payer.headers), "lines")).toEqual([]);
  expect(viewArray(await ask("/figures", payer.headers), "applications")).toMatchObject([{ name: "pay" }]);
  const refused = await ask("/figures?apps=shop", payer.headers);
  expect(viewString(refused, "message")).toContain("you may not see it");
});

it("is told by the command line, for people and for programs", async () => {
  const home = await mkdtemp(join(tmpdir(), "mooring-trace-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const cli = openHome(home);
  const server = ["--server", new URL(up.url).host, "--plaintext", "--auth-token", up.admin.token];
  const told = await cli.run("trace", second, "-o", "wide", ...server);
  expect(told.err).toBe("");
  expect(told.out).toContain("Subject:    Web 1.1");
  expect(told.out).toContain("Promotion:  shop-prod-1");
  expect(told.out).toMatch(/argocd\/shop +default +https:\/\/kubernetes\.default\.svc +shop +healthy/u);
  expect(told.out).toContain("It does not change 1 more applications");
  const all = await cli.run("trace", second, "--all", "-o", "json", ...server);
  expect(statesOf(JSON.parse(all.out) as JsonValue)).toEqual({ pay: "unchanged", shop: "healthy" });
  const image = await cli.run("trace", "registry.example/web:1.3", ...server);
  expect(image.out).toMatch(/argocd\/shop .* registry\.example\/web:1\.3 /u);
  const figures = await cli.run("dora", "shop", "--since", "7d", ...server);
  expect(figures.out).toMatch(/argocd\/shop +default +3 .* 33 % \(1\) .* few deliveries/u);
  expect((await cli.run("dora", "nothing", ...server)).err).toContain("Application/nothing: does not exist");
});

it("says what is wrong with a question", async () => {
  expect(viewString(await find(""), "message")).toContain("what: must be");
  expect(viewString(await find("Not:An:Image"), "message")).toContain("is no image");
  expect(viewString(await ask("/figures?since=2001-01-01T00:00:00Z"), "message")).toContain("since: must be");
});
