import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callApi, controlPlane, eventually } from "#test/control-plane/fixture.ts";
import { createRepository, type TestRepository } from "#test/git-servers/index.ts";
import { startController } from "./controller.ts";
import type { TestCli } from "./run.ts";
import { startCli } from "./run.ts";

const configMap = (name: string, color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;
const hushed = "hunter2-hunter2";
const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {token: ${hushed}}\n`;
/** A chart that draws a password, which has to be the same one wherever the plan is made. */
const chart = {
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "chart/templates/a.yaml":
    "apiVersion: v1\nkind: Secret\nmetadata: {name: drawn}\nstringData: {password: {{ randAlphaNum 20 | quote }}}\n",
};

interface Shop {
  readonly cli: TestCli;
  readonly repository: TestRepository;
  readonly run: (...argv: readonly string[]) => Promise<{ readonly code: number; readonly text: string }>;
}

async function createShop(path: string, ...more: readonly string[]): Promise<Shop> {
  const cli = await startCli("approve");
  const repository = await createRepository(join(cli.directory, "repository.git"));
  await repository.commit({ "web/a.yaml": `${configMap("a", "blue")}---\n${secret}`, ...chart });
  const key = { "server.secretkey": Buffer.from("throw-away").toString("base64") };
  await callApi(controlPlane(), {
    method: "POST",
    path: `/api/v1/namespaces/${cli.namespace}/secrets`,
    body: { apiVersion: "v1", kind: "Secret", metadata: { name: "argocd-secret" }, data: key },
  });
  const at = ["--repo", repository.url, "--path", path, "--dest-namespace", cli.namespace];
  const server = ["--dest-server", "https://kubernetes.default.svc", ...more];
  expect(await cli.run("app", "create", "web", ...at, ...server)).toMatchObject({ code: 0 });
  startController(cli);
  const run: Shop["run"] = async (...argv) => {
    const { code, out, err } = await cli.run(...argv);
    const text = out + err;
    expect(text).not.toContain(hushed);
    return { code, text };
  };
  return { cli, repository, run };
}

const requireIt = ["--annotations", "mooring.dev/require-approval=true"];

function digestIn(text: string): string {
  const found = /sha256:[0-9a-f]{64}/u.exec(text)?.[0];
  if (found === undefined) throw new Error(`no digest in ${text}`);
  return found;
}

/** A controller that has just been started takes a while. */
async function shows(shop: Shop, expected: string): Promise<string> {
  return eventually(
    async () => {
      const { text } = await shop.run("app", "get", "web");
      expect(text).toContain(expected);
      return text;
    },
    { timeoutMs: 60_000 },
  );
}

describe("app approve", () => {
  it("lets an automated sync begin that waits with the plan which app plan makes, values of Secrets included", async () => {
    const shop = await createShop("chart", ...requireIt, "--sync-policy", "automated", "--auto-prune");
    const { run } = shop;
    const said = await shows(shop, "Waiting Plan:");
    const digest = digestIn(said);
    expect(said).toContain("  Does:             1 to apply, 0 to prune, 0 left alone\n");
    expect(said).toMatch(/^ {2}apply Secret\/[\w-]+\/drawn \(Sync 0\)$/mu);
    expect(said).toContain(`  Approve:          mooring app approve web ${digest}\n`);
    const planned = await run("app", "plan", "web", "--prune");
    expect(planned.text).toContain(`\ndigest ${digest}\n`);
    const approved = await run("app", "approve", "web", digest, "--expires", "1h");
    expect(approved.code).toBe(0);
    expect(approved.text).toContain(`plan ${digest} of application 'web' is approved by ada until `);
    expect((await run("app", "wait", "web", "--sync", "--timeout", "60")).code).toBe(0);
    expect((await run("app", "get", "web")).text).not.toContain("sha256:");
  });

  it("carries out the plan of a sync that was refused, and only that", async () => {
    const shop = await createShop("web", ...requireIt);
    const { run } = shop;
    const refused = await run("app", "sync", "web", "--prune");
    expect(refused.code).toBe(1);
    expect(refused.text).toContain("a sync of this application needs an approved plan");
    const digest = digestIn(refused.text);
    await shows(shop, `Refused Plan:       ${digest}\n`);
    const other = await run("app", "approve", "web", `sha256:${"0".repeat(64)}`);
    expect(other.code).toBe(20);
    expect(other.text).toMatch(
      /^mooring: Application\/[\w-]+\/web: sha256:0{64} is not what a sync with these flags would do now, which is sha256:/u,
    );
    const done = await run("app", "approve", "web", digest);
    expect(done).toMatchObject({ code: 0 });
    expect(done.text).toContain("successfully synced");
    expect(await run("app", "sync", "web", "--plan", digest)).toMatchObject({ code: 1 });
  });

  it("begins a sync of who approves, and none of the automation that was refused it", async () => {
    const shop = await createShop("web", ...requireIt);
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${shop.cli.namespace}/applications/web`;
    const initiatedBy = { username: "grace", automated: true };
    await callApi(controlPlane(), {
      method: "PATCH",
      path,
      contentType: "application/merge-patch+json",
      body: { operation: { sync: {}, initiatedBy } },
    });
    const digest = digestIn(await shows(shop, "Refused Plan:"));
    expect(await shop.run("app", "approve", "web", digest)).toMatchObject({ code: 0 });
    const { status } = (await callApi(controlPlane(), { method: "GET", path })) as {
      readonly status: { readonly operationState: { readonly operation: unknown } };
    };
    expect(status.operationState.operation).toMatchObject({ initiatedBy: { username: "ada" } });
    expect(status.operationState.operation).not.toHaveProperty("initiatedBy.automated");
  });

  it("is of the plan that the same flags make, and app sync --plan begins it", async () => {
    const { run, repository } = await createShop("web", ...requireIt);
    const before = digestIn((await run("app", "plan", "web", "--apply-out-of-sync-only")).text);
    await repository.commit({ "web/b.yaml": configMap("b", "new") });
    const stale = await run("app", "approve", "web", before, "--apply-out-of-sync-only");
    expect(stale.code).toBe(20);
    expect(stale.text).toContain("no plan of that digest waits\n  see it with: mooring app plan web");
    const value = JSON.parse((await run("app", "plan", "web", "-o", "json")).text) as {
      digest: string;
      waves: readonly { actions: readonly { verb: string; kind: string; name: string }[] }[];
    };
    expect(
      value.waves.flatMap(({ actions }) => actions.map((one) => `${one.verb} ${one.kind}/${one.name}`)),
    ).toEqual(["apply ConfigMap/b"]);
    const given = await run("app", "approve", "web", value.digest, "--no-sync");
    expect(given.text).toContain(`begin it with: mooring app sync web --plan ${value.digest}\n`);
    expect((await run("app", "get", "web")).text).toContain(`Approved Plan:      ${value.digest} by ada at `);
    const again = await run("app", "approve", "web", value.digest, "--no-sync", "--as", "grace");
    expect(again.text).toContain(`plan ${value.digest} of application 'web' is approved by ada until `);
    const done = await run("app", "sync", "web", "--plan", value.digest);
    expect(done).toMatchObject({ code: 0 });
    expect((await run("app", "sync", "web", "--plan", "abc")).text).toContain(
      'flag --plan: "abc" is no digest\n  write sha256: and 64 hexadecimal digits',
    );
  });

  it("is of files of this machine, too", async () => {
    const { cli, run } = await createShop("web", ...requireIt);
    const directory = join(cli.directory, "here");
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "a.yaml"), configMap("a", "red"));
    const local = ["--local", directory];
    const digest = digestIn((await run("app", "plan", "web", ...local)).text);
    expect(digestIn((await run("app", "sync", "web", ...local)).text)).toBe(digest);
    expect((await run("app", "approve", "web", digest)).text).toContain("give them again with --local PATH");
    const done = await run("app", "approve", "web", digest, ...local);
    expect(done).toMatchObject({ code: 0 });
    expect(done.text).toContain("successfully synced");
  });
});
