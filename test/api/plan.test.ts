import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { RunningUp } from "./fixture.ts";
import { startUp } from "./fixture.ts";

const requireApproval = { "mooring.dev/require-approval": "true" };
const configMap = (name: string, level: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {level: ${level}}\n`;

let up: RunningUp;
type Session = RunningUp["admin"];

beforeAll(async () => {
  up = await startUp();
  await up.repository.commit({
    "all.yaml": configMap("settings", "info"),
    "broken/all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: [\n",
  });
}, 60_000);

afterAll(async () => up[Symbol.asyncDispose]());

/** Asks what is our own of the API. */
async function ask(who: Session, path: string, body: JsonObject) {
  const response = await fetch(`${up.url}/api/mooring/v1/${path}`, {
    method: "POST",
    headers: { ...who.headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

const manual = (name: string, path = "."): JsonObject => ({
  metadata: { name, namespace: "argocd", annotations: requireApproval },
  spec: {
    project: "default",
    source: { repoURL: up.repository.url, path, targetRevision: "main" },
    destination: { server: "https://kubernetes.default.svc", namespace: name },
    syncPolicy: { syncOptions: ["CreateNamespace=true"] },
  },
});

describe("an application that does not exist yet", () => {
  it("is planned for who may create it, and nothing is written", async () => {
    const { status, body } = await ask(up.admin, "plan-previews", { application: manual("unborn") });
    expect(status).toBe(200);
    const actions = viewArray(body, "waves").flatMap((wave) => viewArray(wave, "actions"));
    expect(
      actions.map((action) => ["verb", "kind", "name", "because"].map((field) => viewString(action, field))),
    ).toEqual([
      ["apply", "Namespace", "unborn", "create-namespace"],
      ["apply", "ConfigMap", "settings", "missing"],
    ]);
    expect(body).toMatchObject({ approval: "always" });
    expect((await up.admin.get("applications/unborn")).status).toBe(404);
  });

  it("is not planned for who may not create it", async () => {
    const reader = await up.addAccount("reader", "p, reader, applications, get, */*, allow");
    const { status, body } = await ask(reader, "plan-previews", { application: manual("unborn") });
    expect([status, viewString(body, "message")]).toEqual([
      403,
      expect.stringContaining("applications, create, default/unborn"),
    ]);
  });

  it("says of every field what is wrong with it, and what cannot be rendered", async () => {
    const app = manual("unborn");
    const spec = { ...(app["spec"] as JsonObject), project: "nowhere" };
    const refused = await ask(up.admin, "plan-previews", { application: { ...app, spec } });
    expect([refused.status, viewString(refused.body, "message")]).toEqual([
      400,
      expect.stringContaining("nowhere"),
    ]);
    const broken = await ask(up.admin, "plan-previews", { application: manual("unborn", "broken") });
    expect(viewString(broken.body, "message")).toContain("all.yaml");
    const missing = await ask(up.admin, "plan-previews", { application: manual("unborn", "missing") });
    expect(viewString(missing.body, "message")).toContain("missing");
  });

  it("is not planned under a name that is taken", async () => {
    await up.admin.send("POST", "applications", manual("taken"));
    const { status, body } = await ask(up.admin, "plan-previews", { application: manual("taken") });
    expect([status, viewString(body, "message")]).toEqual([
      409,
      expect.stringContaining("Application/argocd/taken: exists already"),
    ]);
  });
});

describe("a plan that needs approval", () => {
  const plans = "applications/gated/plan";
  const digestNow = async (): Promise<string> =>
    viewString((await ask(up.admin, plans, {})).body, "digest") ?? "";
  const syncOf = (digest: string): JsonObject => ({ infos: [{ name: "mooring.dev/plan", value: digest }] });
  const phase = async (): Promise<readonly (string | undefined)[]> => {
    const { body } = await up.admin.get("applications/gated");
    return ["phase", "message"].map((field) => viewString(body, "status", "operationState", field));
  };

  beforeAll(async () => {
    await up.admin.send("POST", "applications", manual("gated"));
  });

  it("is approved as it is only, by who may change the application, under their own name", async () => {
    const digest = await digestNow();
    const other = `sha256:${"0".repeat(64)}`;
    const changed = await ask(up.admin, `${plans}/approval`, { digest: other });
    expect(viewString(changed.body, "message")).toContain(`${other} is not what this sync would do now`);
    const word = await ask(up.admin, `${plans}/approval`, { digest: "latest" });
    expect([word.status, viewString(word.body, "message")]).toEqual([400, expect.stringContaining("digest")]);
    const syncer = await up.addAccount(
      "syncer",
      "p, syncer, applications, get, */*, allow\np, syncer, applications, sync, */*, allow",
    );
    expect((await ask(syncer, `${plans}/approval`, { digest })).status).toBe(403);
    const given = await ask(up.admin, `${plans}/approval`, { digest });
    expect(given).toMatchObject({ status: 200, body: { digest, by: "admin" } });
    const { status } = await syncer.send("POST", "applications/gated/sync", syncOf(digest));
    expect(status).toBe(200);
    await eventually(async () => expect((await phase())[0]).toBe("Succeeded"));
  });

  it("is not carried out by a sync that nobody approved", async () => {
    await up.repository.commit({ "all.yaml": configMap("settings", "debug") });
    await up.admin.get("applications/gated?refresh=normal");
    const digest = await digestNow();
    await up.admin.send("POST", "applications/gated/sync", syncOf(digest));
    await eventually(async () =>
      expect(await phase()).toEqual(["Failed", expect.stringContaining("nobody has approved")]),
    );
  });
});
