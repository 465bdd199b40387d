import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { hubTypes } from "#engine/hub-types.ts";
import { createRepository } from "../git-servers/repository.ts";
import { configMap, digestOf, startBed } from "./bed.ts";

const to = ["--to", "staging"];
const { signal } = new AbortController();

describe("mooring plan and mooring apply, in a cluster without a control plane", () => {
  it("apply what was planned, by its digest, once; then there is nothing to do", async () => {
    const { cli, read, write } = await startBed();
    const web = await write({ "a.yaml": configMap("a"), "b.yaml": configMap("b") });
    const plan = await cli.run("plan", web, ...to);
    expect(plan).toMatchObject({ code: 0, err: "" });
    expect(plan.out).toContain("plan for application web at local: 2 to apply, 0 to prune, 0 left alone");
    expect(await read("ConfigMap", "a")).toBeUndefined();
    expect(await cli.run("plan", web, ...to, "--detailed-exitcode")).toMatchObject({
      code: 2,
      out: plan.out,
    });

    const applied = await cli.run("apply", web, ...to, "--plan", digestOf(plan.out));
    expect(applied).toMatchObject({ code: 0, err: "" });
    expect(applied.out.split("\n").slice(1, -1)).toEqual([
      "configmap/a created",
      "configmap/b created",
      "web: succeeded, successfully synced (all tasks run)",
    ]);
    expect(await read("ConfigMap", "a")).toMatchObject({
      data: { color: "blue" },
      metadata: { annotations: { "argocd.argoproj.io/tracking-id": "web:/ConfigMap:default/a" } },
    });
    expect(await cli.run("plan", web, ...to, "--detailed-exitcode")).toMatchObject({ code: 0 });
  });

  it("refuse another plan than the one that was asked for, and write nothing", async () => {
    const { cli, cluster, read, write } = await startBed();
    const web = await write({ "a.yaml": configMap("a") });
    expect(await cli.run("apply", web, ...to)).toMatchObject({ code: 0 });
    await write({ "a.yaml": configMap("a", "red") });
    const digest = digestOf((await cli.run("plan", web, ...to)).out);
    const paint = (color: string) =>
      cluster.mergePatch(
        { type: hubTypes.configMap, namespace: "default", name: "a" },
        { data: { color } },
        { fieldManager: "ada", signal },
      );
    await paint("green");
    const refused = await cli.run("apply", web, ...to, "--plan", digest);
    expect(refused).toMatchObject({ code: 20 });
    expect(refused.out).toMatch(/ConfigMap\/default\/a .*data/u);
    expect(refused.err).toMatch(/the plan is sha256:\w+ now and not sha256:\w+, so nothing was applied/u);
    expect(await read("ConfigMap", "a")).toMatchObject({ data: { color: "green" } });
    await paint("blue");
    expect(await cli.run("apply", web, ...to, "--plan", digest)).toMatchObject({ code: 0 });
    expect(await read("ConfigMap", "a")).toMatchObject({ data: { color: "red" } });
  });

  it("delete with --prune what left the files and was pushed, and nothing else", async () => {
    const { cli, cluster, read, write } = await startBed();
    const web = await write({ "a.yaml": configMap("a"), "b.yaml": configMap("b") });
    expect(await cli.run("apply", web, ...to)).toMatchObject({ code: 0 });
    const marked = { "argocd.argoproj.io/tracking-id": "web:/ConfigMap:default/c" };
    await cluster.create(
      hubTypes.configMap,
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "c", namespace: "default", annotations: marked },
      },
      { fieldManager: "ada", signal },
    );
    await write({ "b.yaml": undefined });
    const kept = await cli.run("apply", web, ...to);
    expect(kept.out).toContain("configmap/b ignored (requires pruning)\n");
    expect(await read("ConfigMap", "b")).toBeDefined();
    const pruned = await cli.run("apply", web, ...to, "--prune");
    expect(pruned).toMatchObject({ code: 0, err: "" });
    expect(pruned.out).toContain("configmap/b pruned\n");
    expect(await read("ConfigMap", "b")).toBeUndefined();
    expect(await read("ConfigMap", "c")).toBeDefined();
    expect((await cli.run("plan", web, ...to, "--prune")).out).toContain("0 to apply, 0 to prune");
  });

  it("are held by the guards of a sync: mass prune, an empty render, another one's objects", async () => {
    const { cli, read, write } = await startBed();
    const names = Array.from({ length: 30 }, (_, i) => `m${i}.yaml`);
    const files = Object.fromEntries(names.map((name, i) => [name, configMap(`m${i}`)]));
    const web = await write({ ...files, "a.yaml": configMap("a") });
    expect(await cli.run("apply", web, ...to)).toMatchObject({ code: 0 });
    const other = await cli.run("apply", web, ...to, "--name", "other");
    expect(other).toMatchObject({ code: 1 });
    expect(other.out).toMatch(/configmap\/a .*web/u);
    expect(await read("ConfigMap", "a")).toMatchObject({
      metadata: { annotations: { "argocd.argoproj.io/tracking-id": "web:/ConfigMap:default/a" } },
    });

    await write(Object.fromEntries(names.map((name) => [name, undefined])));
    const plan = await cli.run("plan", web, ...to, "--prune");
    expect(plan).toMatchObject({ code: 1 });
    expect(plan.out).toContain("refused by mass-prune");
    expect(await cli.run("apply", web, ...to, "--prune")).toMatchObject({ code: 1 });
    expect(await read("ConfigMap", "m0")).toBeDefined();
    const allowed = ["--prune", "--sync-option", "AllowMassPrune=true"];
    expect(await cli.run("apply", web, ...to, ...allowed)).toMatchObject({ code: 0 });
    expect(await read("ConfigMap", "m0")).toBeUndefined();

    await write({ "a.yaml": "# nothing\n" });
    const empty = await cli.run("apply", web, ...to, "--prune");
    expect(empty.out).toContain("refused by empty-render");
    expect(await read("ConfigMap", "a")).toBeDefined();
  });

  it("create the namespace that the files or CreateNamespace=true bring, and say what is missing otherwise", async () => {
    const { cli, read, write } = await startBed();
    const web = await write({ "a.yaml": configMap("a") });
    const at = [...to, "--namespace", "shop"];
    const missing = await cli.run("apply", web, ...at);
    expect(missing).toMatchObject({ code: 20 });
    expect(missing.err).toContain("namespace shop does not exist");
    const options = ["--sync-option", "CreateNamespace=true"];
    const digest = digestOf((await cli.run("plan", web, ...at, ...options)).out);
    expect(await cli.run("apply", web, ...at, ...options, "--plan", digest)).toMatchObject({ code: 0 });
    expect(await read("ConfigMap", "a", "shop")).toBeDefined();
    const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: own}\n";
    await write({ "ns.yaml": namespace });
    expect(await cli.run("apply", web, ...to, "--namespace", "own")).toMatchObject({ code: 0 });
    expect(await read("Namespace", "own")).toMatchObject({
      metadata: { annotations: { "argocd.argoproj.io/tracking-id": "web:/Namespace:own/own" } },
    });
    await write({ "ns.yaml": undefined });
    const left = await cli.run("apply", web, ...to, "--namespace", "own", "--prune");
    expect(left).toMatchObject({ code: 0, err: "" });
    expect(await read("Namespace", "own")).not.toHaveProperty("metadata.deletionTimestamp");
  });

  it("bind the values of Secrets to the digest once something was pushed, and never show them", async () => {
    const { cli, directory, read, write } = await startBed();
    const secret = (token: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {token: ${token}}\n`;
    const web = await write({ "key.yaml": secret("hunter2-hunter2") });
    const report = path.join(directory, "report.xml");
    const first = await cli.run("apply", web, ...to, "--junit", report);
    await write({ "key.yaml": secret("swordfish-swordfish") });
    const plan = await cli.run("plan", web, ...to);
    await write({ "key.yaml": secret("correct-horse") });
    const refused = await cli.run("apply", web, ...to, "--plan", digestOf(plan.out));
    expect(refused).toMatchObject({ code: 20 });
    const said = [first, plan, refused].map(({ out, err }) => out + err).join("");
    expect(said + (await readFile(report, "utf8"))).not.toMatch(/hunter2|swordfish|correct-horse/u);
    expect(await read("Secret", "mooring-push-web")).toMatchObject({ type: "mooring.dev/push" });
  });

  it("render what charts draw at random the same every time", async () => {
    const { cli, directory } = await startBed();
    const chart = path.join(directory, "chart");
    await mkdir(path.join(chart, "templates"), { recursive: true });
    await writeFile(path.join(chart, "Chart.yaml"), "apiVersion: v2\nname: chart\nversion: 1.0.0\n");
    const template =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: r}\ndata: {r: {{ randAlphaNum 12 | quote }}}\n";
    await writeFile(path.join(chart, "templates", "r.yaml"), template);
    expect(await cli.run("apply", chart, ...to)).toMatchObject({ code: 0 });
    expect((await cli.run("plan", chart, ...to)).out).toContain("0 to apply");
  });

  it("take single files and standard input, and an Application's source, name and namespace", async () => {
    const { cli, directory, read } = await startBed();
    const file = path.join(directory, "one.yaml");
    await writeFile(file, configMap("one"));
    expect(await cli.run("apply", "-f", file, ...to)).toMatchObject({ code: 0 });
    expect(await read("ConfigMap", "one")).toMatchObject({
      metadata: { annotations: { "argocd.argoproj.io/tracking-id": "one:/ConfigMap:default/one" } },
    });
    const piped = await cli.runWith({ input: configMap("two") }, "apply", "-f", "-", "--name", "two", ...to);
    expect(piped).toMatchObject({ code: 0 });
    expect(await read("ConfigMap", "two")).toBeDefined();

    const repository = await createRepository(path.join(directory, "repository.git"));
    await repository.commit({ "web/a.yaml": configMap("a") });
    const app = path.join(directory, "application.yaml");
    const source = `{repoURL: "${repository.url}", path: web, directory: {recurse: true}}`;
    const spec = `{project: shop, source: ${source}, destination: {name: prod, namespace: kube-public}}`;
    await writeFile(
      app,
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec: ${spec}\n`,
    );
    expect(await cli.run("apply", "--app", app, ...to)).toMatchObject({ code: 0 });
    expect(await read("ConfigMap", "a", "kube-public")).toMatchObject({
      metadata: { annotations: { "argocd.argoproj.io/tracking-id": "shop:/ConfigMap:kube-public/a" } },
    });
  });

  it("mark objects for the namespace that the Application is to live in", async () => {
    const { cli, directory, read, write } = await startBed();
    const web = await write({ "a.yaml": configMap("a") });
    const app = path.join(directory, "application.yaml");
    const source = "{repoURL: https://git.example.com/shop.git, path: web}";
    const spec = `{project: team, source: ${source}, destination: {name: prod, namespace: default}}`;
    const metadata = "{name: web, namespace: team-a}";
    await writeFile(
      app,
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: ${metadata}\nspec: ${spec}\n`,
    );
    expect(await cli.run("apply", web, "--app", app, ...to)).toMatchObject({ code: 0 });
    expect(await read("ConfigMap", "a")).toMatchObject({
      metadata: { annotations: { "argocd.argoproj.io/tracking-id": "team-a_web:/ConfigMap:default/a" } },
    });
    expect(await read("Secret", "mooring-push-team-a.web")).toBeDefined();
  });

  it("decrypt files with the age key of the environment, and say where they look for one", async () => {
    const { cli, read, write } = await startBed();
    const testdata = "src/core/sops/testdata";
    const text = await readFile(`${testdata}/encrypted/encrypted-regex.yaml`, "utf8");
    const web = await write({ "secret.yaml": text });
    const locked = await cli.run("apply", web, ...to);
    expect(locked.err).toMatch(/secret\.yaml: it is encrypted for age recipient .*SOPS_AGE_KEY/su);
    const broken = await cli.runWith({ env: { SOPS_AGE_KEY: "AGE-SECRET-nonsense" } }, "apply", web, ...to);
    expect(broken.err).toContain("environment variable SOPS_AGE_KEY: it holds no age identity");
    const env = { SOPS_AGE_KEY_FILE: `${testdata}/keys/one.agekey` };
    const opened = await cli.runWith({ env }, "apply", web, ...to);
    expect(opened).toMatchObject({ code: 0 });
    expect(await read("Secret", "shop")).toMatchObject({
      data: { password: Buffer.from("correct horse: battery # staple").toString("base64") },
    });
    const said = [locked, broken, opened].map(({ out, err }) => out + err).join("");
    expect(said).not.toMatch(/correct horse|AGE-SECRET|nonsense/u);
  });

  it("want a plan that was looked at where the Application asks for approval", async () => {
    const { cli, directory, read, write } = await startBed();
    const web = await write({ "a.yaml": configMap("a") });
    const app = path.join(directory, "application.yaml");
    const metadata = '{name: web, annotations: {mooring.dev/require-approval: "true"}}';
    const source = "{repoURL: https://git.example.com/shop.git, path: web}";
    const spec = `{project: default, source: ${source}, destination: {name: prod, namespace: default}}`;
    await writeFile(
      app,
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: ${metadata}\nspec: ${spec}\n`,
    );
    const files = [web, "--app", app, ...to];
    const refused = await cli.run("apply", ...files);
    expect(refused.err).toContain("mooring.dev/require-approval wants a plan that was looked at");
    expect(await read("ConfigMap", "a")).toBeUndefined();
    const digest = digestOf((await cli.run("plan", ...files)).out);
    expect(await cli.run("apply", ...files, "--plan", digest)).toMatchObject({ code: 0 });
  });

  it("say what is wrong with their input, with file and line", async () => {
    const { cli, directory, write } = await startBed();
    const web = await write({ "a.yaml": `${configMap("a")}---\napiVersion: v1\nkind: [\n` });
    const said = async (...argv: readonly string[]) => {
      const { code, err } = await cli.run(...argv);
      return `${code} ${err.replaceAll(directory, "DIR")}`;
    };
    expect(await said("apply", web, ...to)).toContain("20 mooring: a.yaml:");
    expect(await said("apply", "-f", path.join(web, "a.yaml"), ...to)).toMatch(
      /^20 mooring: \S*web\/a\.yaml:\d+ /u,
    );
    expect(await said("plan", web)).toContain("flag --to: give the kubeconfig context");
    expect(await said("apply", web, "--to", "nowhere")).toMatch(/^11 mooring: .*nowhere/u);
    expect(await said("apply", `${web}/none`, ...to)).toContain("there is no directory DIR/web/none");
    expect(await said("apply", "-f", `${web}/none.yaml`, ...to)).toContain(
      "file DIR/web/none.yaml: cannot be read",
    );
    expect(await said("apply", ...to)).toContain("give PATH, -f FILE or --app FILE");
    expect(await said("apply", web, ...to, "--plan", "abc")).toContain('flag --plan: "abc" is no digest');
    expect(await said("apply", web, ...to, "--name", "No Name")).toContain('application name "No Name"');
  });
});
