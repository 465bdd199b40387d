import { mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { printYaml } from "#core/diff/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { HomeCli } from "./run-cli.ts";
import { openHome } from "./run-cli.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const { signal } = new AbortController();
const options = { fieldManager: "test", signal } as const;
const namespace = "argocd";
const revision = "1a2b3c4d".padEnd(40, "0");
const older = "feedbeef".padEnd(40, "0");
const digest = `sha256:${"a".repeat(64)}`;
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();

let api: RunningApi;
let overServer: HomeCli;
let file: string;

const pipeline: JsonObject = {
  apiVersion: "mooring.dev/v1alpha1",
  kind: "Pipeline",
  metadata: { name: "shop" },
  spec: {
    repoURL: "https://git.invalid/shop.git",
    stages: [
      { name: "dev", branch: "main", applications: ["shop-dev"] },
      { name: "prod", branch: "prod", applications: ["shop-prod"], gates: [{ approvals: {} }] },
    ],
  },
};

/** Writes a status as the controller does. */
async function tell(type: "pipeline" | "promotion", name: string, status: JsonObject): Promise<void> {
  const ref = { type: hubTypes[type], namespace, name };
  await api.hub.mergePatch(ref, { status }, { ...options, subresource: "status" });
}

const waiting: JsonObject = {
  phase: "Waiting",
  message: "gate approvals waits for 1 of 1 approvals",
  plan: { digest, applications: [{ namespace, name: "shop-prod", digest, summary: "1 to change" }] },
  commits: [{ commit: revision, author: "Carol", email: "carol@example.com", subject: "Faster checkout" }],
  gates: [{ name: "approvals", kind: "approvals", state: "Waiting", message: "0 of 1", since: ago(120) }],
};

interface Way {
  /** Runs a command that has to end with 0. */
  readonly ok: (...argv: readonly string[]) => Promise<string>;
  readonly run: (...argv: readonly string[]) => ReturnType<HomeCli["run"]>;
  readonly answer: (text: string, ...argv: readonly string[]) => ReturnType<HomeCli["run"]>;
}

function wayOf(cli: () => HomeCli, more: () => readonly string[]): Way {
  const run: Way["run"] = async (...argv) => await cli().run(...argv, ...more());
  return {
    run,
    ok: async (...argv) => {
      const { code, out, err } = await run(...argv);
      if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${err}`);
      return out;
    },
    answer: async (text, ...argv) => {
      const stdin = {
        isTTY: true,
        readLine: () => Promise.resolve(text),
        readAll: () => Promise.resolve(""),
        readChunks: async function* () {},
      };
      return await cli().runWith({ ports: { stdin } }, ...argv, ...more());
    },
  };
}

const ways: Readonly<Record<string, Way>> = {
  "over the server": wayOf(
    () => overServer,
    () => [],
  ),
  "on the cluster": wayOf(
    () => overServer,
    () => ["--core", "--kubeconfig", api.kubeconfig],
  ),
};

beforeAll(async () => {
  api = await startApi([]);
  overServer = openHome(await mkdtemp(path.join(api.directory, "home-")));
  file = path.join(api.directory, "pipeline.yaml");
  await writeFile(file, printYaml(pipeline));
  const address = api.baseUrl.replace("http://", "");
  const { code, err } = await overServer.runWith(
    { input: `${api.password}\n` },
    "login",
    address,
    "--plaintext",
    "--username",
    "admin",
  );
  if (code !== 0) throw new Error(err);
});

afterAll(async () => await api[Symbol.asyncDispose]());

beforeEach(async () => {
  for (const type of [hubTypes.promotion, hubTypes.pipeline])
    for (const { metadata } of await api.hub.list(type, { namespace, signal }))
      await api.hub.remove(
        { type, namespace, name: metadata.name ?? "" },
        { propagation: "Background", signal },
      );
});

describe.each(Object.entries(ways))("pipelines %s", (way, { ok, run, answer }) => {
  it("are created, changed by apply, listed, held, refreshed and deleted", async () => {
    expect(await ok("pipeline", "create", "-f", file)).toBe("pipeline 'shop' created\n");
    const changed = path.join(api.directory, "changed.yaml");
    const { spec, ...object } = pipeline;
    await writeFile(changed, printYaml({ ...object, spec: { ...(spec as JsonObject), suspend: true } }));
    const other = await run("pipeline", "create", "-f", changed);
    expect([other.code, other.err]).toEqual([20, expect.stringContaining("exists with another spec")]);
    expect(await ok("pipeline", "apply", "-f", changed)).toBe("pipeline 'shop' applied\n");
    await expect.poll(async () => await ok("pipeline", "list", "-o", "name")).toBe("argocd/shop\n");
    expect(JSON.parse(await ok("pipeline", "get", "shop", "-o", "json"))).toMatchObject({
      kind: "Pipeline",
      spec: { suspend: true },
    });
    const noReason = await run("pipeline", "hold", "shop/prod");
    expect(noReason.err).toContain("pipeline hold needs --reason");
    await ok("pipeline", "hold", "shop/prod", "--reason", "black friday");
    await ok("pipeline", "refresh", "shop");
    const { metadata } = JSON.parse(await ok("pipeline", "get", "shop", "-o", "json")) as {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
    };
    const { "mooring.dev/hold.prod": held = "", ...others } = metadata.annotations;
    expect(JSON.parse(held)).toMatchObject({ reason: "black friday" });
    expect(Object.keys(others)).toEqual(["mooring.dev/refresh"]);
    expect(await ok("pipeline", "resume", "shop/prod")).toContain("goes on");
    expect((await run("pipeline", "delete", "shop")).err).toContain("pass --yes");
    expect((await answer("n", "pipeline", "delete", "shop")).code).toBe(1);
    await ok("pipeline", "delete", "shop", "--yes");
    const gone = await run("pipeline", "get", "shop");
    expect([gone.code, gone.err]).toEqual([
      13,
      expect.stringContaining("Pipeline/argocd/shop: does not exist"),
    ]);
  });

  it("are promoted, looked at, approved, waited for and rolled back", async () => {
    await ok("pipeline", "create", "-f", file);
    const candidate = {
      revision,
      subject: "Faster checkout",
      commits: 2,
      waitsFor: "somebody to promote it",
    };
    const dev = { name: "dev", tip: revision, revision, health: "Healthy", since: ago(7200) };
    await tell("pipeline", "shop", {
      stages: [dev, { name: "prod", revision: older, candidate, frozen: "christmas until 2027-01-02" }],
    });
    expect(await ok("promote", "shop/prod", "--reason", "the feast")).toBe(
      "promotion 'shop-prod-1a2b3c4' is asked for; follow it with: mooring promotion wait shop-prod-1a2b3c4\n",
    );
    const name = "shop-prod-1a2b3c4";
    const early = await run("promotion", "approve", name);
    expect(early.err).toContain("has no plan yet");
    await tell("promotion", name, waiting);
    const got = await ok("promotion", "get", name);
    expect(got).toContain("gate approvals waits for 1 of 1 approvals");
    expect(got).toContain(`Plan: ${digest}`);
    expect(got).toMatch(/argocd\/shop-prod +1 to change/u);
    expect(await ok("promotion", "plan", name)).toContain("Faster checkout");
    const own = await run("promotion", "approve", name, "--digest", digest, "--yes");
    expect([own.code, own.err]).toEqual([
      20,
      expect.stringContaining("because they asked for the promotion"),
    ]);
    const blind = await run("promotion", "approve", name, "--yes");
    expect(blind.err).toContain("--digest DIGEST");
    const [promotion] = await api.hub.list(hubTypes.promotion, { namespace, signal });
    expect(promotion).toMatchObject({
      spec: { reason: "the feast", requestedBy: { username: expect.any(String) } },
    });
    await expect
      .poll(async () => await ok("promotion", "list", "shop", "--phase", "Waiting"))
      .toMatch(/^NAME +STAGE +KIND .*\nshop-prod-1a2b3c4 +shop\/prod +Promote +1a2b3c4 +Waiting/u);
    const written = { commit: revision, base: older, writtenAt: ago(90) };
    await tell("promotion", name, { phase: "Succeeded", ...written, finishedAt: ago(60) });
    await tell("pipeline", "shop", {
      stages: [dev, { name: "prod", revision, promotion: name, since: ago(30), health: "Degraded" }],
    });
    expect(await run("promotion", "wait", name)).toMatchObject({ code: 0 });
    await expect
      .poll(async () => await ok("pipeline", "get", "shop"))
      .toMatch(/prod +prod +1a2b3c4 +Faster checkout +\d+s +Degraded +- +- +- +\S+/u);
    expect((await run("rollback", "shop/prod")).err).toContain("rollback needs --reason");
    expect(await ok("rollback", "shop/prod", "--reason", "it burns", "-o", "name")).toBe(
      "argocd/shop-prod-back-feedbee\n",
    );
    await ok("promotion", "break-glass", "shop-prod-back-feedbee", "--reason", "INC-42");
    await ok("promotion", "reject", "shop-prod-back-feedbee", "--reason", "not needed any more");
    await tell("promotion", "shop-prod-back-feedbee", { phase: "Refused" });
    expect(await run("promotion", "wait", "shop-prod-back-feedbee")).toMatchObject({ code: 1 });
    const glass = await ok("promotion", "get", "shop-prod-back-feedbee");
    expect(glass).toMatch(/Gates bypassed: +by \S+: INC-42/u);
    expect(glass).toMatch(/Rejected: +by \S+: not needed any more/u);
  });

  it("say at a glance what is in the way, and what ends it", async () => {
    await ok("pipeline", "create", "-f", file);
    const hold = { revisions: [revision], by: "ada", reason: "checkout fails", since: ago(3600) };
    const candidate = { revision, subject: "Faster checkout", commits: 2, waitsFor: "the end of the hold" };
    await tell("pipeline", "shop", {
      message: "",
      askedAt: ago(20),
      stages: [{ name: "prod", revision: older, candidate, hold, frozen: "christmas until 2027-01-02" }],
    });
    const shown = await ok("pipeline", "get", "shop");
    expect(shown).toMatch(/prod +prod +feedbee +- +- +Unknown +1a2b3c4 \+2 +held +frozen +-/u);
    expect(shown).toContain("shop/prod: candidate 1a2b3c4 Faster checkout waits: the end of the hold\n");
    expect(shown).toContain(
      "shop/prod: held since 1h by ada: checkout fails; ends with: mooring pipeline resume shop/prod\n",
    );
    expect(shown).toContain("shop/prod: frozen: christmas until 2027-01-02\n");
    await expect
      .poll(async () => await ok("pipeline", "list"))
      .toMatch(/argocd\/shop +default +prod=feedbee,\+2,Unknown,held,frozen/u);
  });

  it("are approved after the plan was read and answered with yes", async () => {
    await ok("pipeline", "create", "-f", file);
    await ok("promote", "shop/prod", "--revision", revision);
    const name = "shop-prod-1a2b3c4";
    const [made] = await api.hub.list(hubTypes.promotion, { namespace, signal });
    // The account that is logged in, and the user of the embedded cluster's kubeconfig.
    expect(made).toMatchObject({ spec: { requestedBy: { username: "admin" } } });
    // Its spec never changes: one that automation asked for takes its place.
    await api.hub.remove(
      { type: hubTypes.promotion, namespace, name },
      { propagation: "Background", signal },
    );
    const spec = {
      ...(made?.["spec"] as JsonObject),
      cause: "Automation",
      requestedBy: { username: "mooring" },
    };
    const again = {
      apiVersion: "mooring.dev/v1alpha1",
      kind: "Promotion",
      metadata: { name, namespace, labels: made?.metadata.labels ?? {} },
      spec,
    };
    await api.hub.create(hubTypes.promotion, again, options);
    await tell("promotion", name, waiting);
    const no = await answer("n", "promotion", "approve", name);
    expect([no.code, no.out]).toEqual([1, expect.stringContaining("1 to change")]);
    const yes = await answer("y", "promotion", "approve", name, "--comment", "looks good");
    expect([yes.code, yes.err]).toEqual([0, ""]);
    const late = await ok("promotion", "approve", name, "--digest", digest, "--yes");
    expect(late).toContain("is approved");
    const [approved] = await api.hub.list(hubTypes.promotion, { namespace, signal });
    expect(approved).toMatchObject({
      status: { approvals: [{ username: "admin", digest, comment: "looks good" }] },
    });
  });

  it("of a release are asked for together, and several stages need its name", async () => {
    await ok("pipeline", "create", "-f", file);
    await tell("pipeline", "shop", { stages: [{ name: "prod", revision: older, candidate: { revision } }] });
    expect((await run("promote", "shop/prod", "cart/prod")).err).toContain("needs --release");
    const missing = await run("promote", "shop/prod", "cart/prod", "--release", "may");
    expect([missing.code, missing.err]).toEqual([13, expect.stringContaining("Pipeline/argocd/cart")]);
    expect(await api.hub.list(hubTypes.promotion, { namespace, signal })).toEqual([]);
    await ok("promote", "shop/prod", "--release", "may");
    await expect
      .poll(async () => await ok("promotion", "list", "-o", "wide"))
      .toMatch(/Pending +\d+s +\S+ +may/u);
  });

  it("are watched", async () => {
    await ok("pipeline", "create", "-f", file);
    const stop = new AbortController();
    let out = "";
    const stdout = {
      isTTY: false,
      write: (text: string) => {
        out += text;
        stop.abort();
      },
    };
    const more = way === "over the server" ? [] : ["--core", "--kubeconfig", api.kubeconfig];
    await overServer.runWith(
      { ports: { stdout, signal: stop.signal } },
      "pipeline",
      "watch",
      "shop",
      ...more,
    );
    expect(out).toContain("argocd/shop");
  });
});

describe("pipeline validate", () => {
  it("names what makes no sense, without a cluster", async () => {
    const cli = openHome(await mkdtemp(path.join(api.directory, "alone-")));
    expect(await cli.run("pipeline", "validate", "-f", file)).toMatchObject({
      code: 0,
      out: "pipeline 'shop' makes sense: dev, prod\n",
    });
    const wrong = { ...pipeline, spec: { repoURL: "x", stages: [] } };
    const { code, err } = await cli.runWith({ input: printYaml(wrong) }, "pipeline", "validate", "-f", "-");
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("spec.stages is empty; name at least one stage"),
    ]);
    const unknown = await cli.runWith(
      { input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" },
      "pipeline",
      "validate",
      "-f",
      "-",
    );
    expect([unknown.code, unknown.err]).toEqual([20, expect.stringContaining("it has no Pipeline")]);
  });
});
