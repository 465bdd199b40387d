import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import type { PushReport } from "#cli/push/report.ts";
import { configMap, startBed } from "./bed.ts";

const to = ["--to", "staging"];
const wrong = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wrong}\nunknown: field\n";

it("CI is told of what failed, with its file, in each of its ways", async () => {
  const { cli, directory, write } = await startBed();
  const web = await write({ "a.yaml": configMap("a"), "wrong.yaml": wrong });
  const junit = path.join(directory, "report.xml");
  const apply = (output: string) => cli.run("apply", web, ...to, "-o", output, "--junit", junit);

  const github = await apply("github");
  expect(github).toMatchObject({ code: 1, err: "" });
  expect(github.out).toMatch(/^::group::applying web, plan sha256:\w+\n/u);
  expect(github.out).toContain("configmap/a created\n");
  expect(github.out).toMatch(
    /\n::endgroup::\n(?:.*\n)*::error file=wrong\.yaml,title=mooring apply web::configmap\/wrong failed: .*unknown/u,
  );
  expect(await readFile(junit, "utf8")).toMatch(
    /<testcase classname="mooring\.apply" name="default\/configmap\/wrong" file="wrong\.yaml">\n\s+<failure message="failed: .*unknown/u,
  );

  const gitlab = await apply("gitlab");
  expect(gitlab.out).toMatch(/section_start:\d+:mooring_apply\r[^\n]*applying web/u);
  expect(gitlab.out).toMatch(/section_end:\d+:mooring_apply\r/u);

  const json = await apply("json");
  const report = JSON.parse(json.out) as PushReport;
  expect(report).toMatchObject({ app: "web", phase: "Failed" });
  expect(report.lines).toContainEqual(
    expect.objectContaining({ object: "configmap/wrong", outcome: "failed", file: "wrong.yaml" }),
  );
  expect(json.err).toContain("configmap/wrong failed: ");

  const xml = await apply("junit");
  expect(xml.out).toBe(await readFile(junit, "utf8"));
});

it("CI is told of file and line of what cannot be rendered", async () => {
  const { cli, write } = await startBed();
  const web = await write({ "a.yaml": `${configMap("a")}---\nkind: [\n` });
  const { code, out } = await cli.run("apply", web, ...to, "-o", "github");
  expect(code).toBe(20);
  expect(out).toMatch(/^::error file=a\.yaml,line=\d+,title=mooring apply web::a\.yaml:\d+ /u);
});

it("CI is told of a cluster that is not known", async () => {
  const { cli, write } = await startBed();
  const web = await write({ "a.yaml": configMap("a") });
  const { code, out } = await cli.run("apply", web, "--to", "nowhere", "-o", "github");
  expect(code).toBe(11);
  expect(out).toMatch(/^::error title=mooring apply web::.*nowhere/u);
});

it("hooks and waves run in their order, each with its line", async () => {
  const { cli, read, write } = await startBed();
  const hook = `apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: "simulate.mooring.dev/complete:0"}]}}}
`;
  const web = await write({ "a.yaml": configMap("a"), "hook.yaml": hook });
  const { code, out } = await cli.run("apply", web, ...to);
  expect(code).toBe(0);
  const lines = out.split("\n").filter((line) => /^(job|configmap)/u.test(line));
  expect(lines).toEqual([
    "job.batch/migrate created",
    expect.stringMatching(/^job\.batch\/migrate succeeded/u),
    "configmap/a created",
  ]);
  expect(await read("ConfigMap", "a")).toBeDefined();
});
