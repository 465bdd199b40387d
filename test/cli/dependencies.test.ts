import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { callApi, controlPlane, eventually } from "#test/control-plane/fixture.ts";
import { createRepository } from "#test/git-servers/repository.ts";
import { configMap } from "../application/manifests.ts";
import { formatFiles } from "../application/application.ts";
import { startController } from "../application/controller.ts";
import { startCli } from "./run.ts";

it("shows whom an application waits for, in a tree too, and lets a sync go ahead of them", async () => {
  const cli = await startCli("depends");
  const { namespace } = cli;
  const repository = await createRepository(join(cli.directory, "shop.git"));
  await repository.commit(
    formatFiles(Object.fromEntries(["net", "db", "web"].map((name) => [`${name}/a.yaml`, configMap(name)]))),
  );
  const run = async (...argv: readonly string[]) => {
    const { code, out, err } = await cli.run(...argv);
    return `${code === 0 ? "" : `${code} `}${out}${err}`.replaceAll(namespace, "<ns>");
  };
  for (const name of ["net", "db", "web"]) {
    const source = ["--repo", repository.url, "--path", name, "--revision", "main"];
    const to = ["--dest-name", "in-cluster", "--dest-namespace", namespace, "--validate=false"];
    await run("app", "create", name, ...source, ...to);
  }
  const dependsOn = (name: string, others: string) =>
    callApi(controlPlane(), {
      method: "PATCH",
      path: `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications/${name}`,
      contentType: "application/merge-patch+json",
      body: { metadata: { annotations: { "mooring.dev/depends-on": others } } },
    });
  await dependsOn("db", "net");
  await dependsOn("web", "db, gone");
  const controller = await startController({
    kubeconfigPath: controlPlane().kubeconfigPath,
    namespace,
    data: join(cli.directory, "data"),
    identity: "depends",
    write: () => undefined,
  });
  onTestFinished(() => controller.stop());
  await eventually(async () => expect(await run("app", "get", "net")).toContain("OutOfSync from main"), {
    timeoutMs: 60_000,
  });
  await eventually(async () =>
    expect(await run("app", "dependencies", "web")).toBe(
      [
        "<ns>/web",
        "├─<ns>/db (OutOfSync, Missing)",
        "│ └─<ns>/net (OutOfSync, Missing)",
        "└─<ns>/gone (missing)",
        "",
      ].join("\n"),
    ),
  );
  expect(await run("app", "get", "web")).toContain(
    "Depends On:         <ns>/db (OutOfSync, Missing)\n                    <ns>/gone (missing)\n",
  );
  expect(await run("app", "dependencies", "net")).toBe("<ns>/net depends on no other application\n");
  const waiting = await run("app", "sync", "db", "--timeout", "5");
  expect(waiting).toContain("waiting for dependencies: Application/<ns>/net (OutOfSync, Missing), since ");
  expect(waiting).toContain("the operation did not end within 5 s: it is Running: waiting for dependencies");
  await run("app", "terminate-op", "db");
  await run("app", "wait", "db", "--operation", "--timeout", "60");
  expect(await run("app", "sync", "db", "--ignore-dependencies", "--timeout", "60")).toContain(
    "configmap/db created",
  );
  await eventually(async () => expect(await run("app", "dependencies", "web")).toContain("<ns>/db (ready)"));
});
