import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { openCli } from "../cli/run.ts";
import { eventually } from "../control-plane/eventually.ts";
import { patiently, startPipelineBed } from "./bed.ts";

const example = fileURLToPath(new URL("../../examples/pipeline/", import.meta.url));
const address = "https://github.com/your-org/shop.git";
const { signal } = new AbortController();

it("the example of the pipeline pattern does what its README says", async () => {
  const bed = await startPipelineBed();
  const read = async (name: string) => {
    const text = await readFile(path.join(example, name), "utf8");
    return text.replaceAll(address, bed.url);
  };
  const file = "manifests/configmap.yaml";
  const manifest = await read(file);
  const first = await bed.repository.commit({ [file]: manifest });
  for (const branch of ["staging", "prod"]) await bed.repository.branch(branch, first);
  for (const document of parseAllDocuments(await read("applications.yaml"))) {
    const application = document.toJS() as KubeObject;
    await bed.hub.create(hubTypes.application, application, { fieldManager: "test", signal });
  }
  const pipeline = path.join(bed.directory, "pipeline.yaml");
  await writeFile(pipeline, (await read("pipeline.yaml")).replace("interval: 10s", "interval: 1s"));
  await bed.start();
  const cli = openCli({ namespace: "argocd", directory: bed.directory }, bed.settings.kubeconfigPath);
  expect(await cli.run("pipeline", "apply", "--file", pipeline, "--core")).toMatchObject({ code: 0 });
  await eventually(
    async () => expect(await bed.stage("shop", "prod")).toMatchObject({ verified: true }),
    patiently,
  );
  const second = await bed.repository.change({ [file]: manifest.replace("blue", "green") });
  await eventually(
    async () => expect((await bed.stage("shop", "prod")).candidate).toMatchObject({ revision: second }),
    patiently,
  );
  expect(await cli.run("promote", "shop/prod", "--core")).toMatchObject({ code: 0 });
  const name = `shop-prod-${second.slice(0, 7)}`;
  await bed.phase(name, "Waiting");
  await bed.approve(name, "ann");
  await bed.phase(name, "Succeeded");
  const back = await cli.run("rollback", "shop/prod", "--reason", "wrong color", "--core");
  expect(back).toMatchObject({ code: 0 });
  await bed.phase(`shop-prod-back-${first.slice(0, 7)}`, "Succeeded");
  expect(await bed.repository.git("show", `prod:${file}`)).toBe(manifest.trim());
  expect((await cli.run("pipeline", "get", "shop", "--core")).out).toContain("wrong color");
});
