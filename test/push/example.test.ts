import { execFile } from "node:child_process";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { isJsonObject, type JsonValue } from "#core/object/index.ts";
import { startBed } from "./bed.ts";

const root = path.join(import.meta.dirname, "../..");
const example = path.join(root, "examples/push");
const execute = promisify(execFile);

/** Every command of a CI description, wherever it stands. */
function commandsOf(value: JsonValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: JsonValue) => commandsOf(one));
  if (!isJsonObject(value)) return [];
  const { run, script, ...others } = value;
  const own = [run, ...(Array.isArray(script) ? script : [])].filter((one) => typeof one === "string");
  return [...own, ...Object.values(others).flatMap((one) => commandsOf(one))];
}

it("the example deploys, changes and prunes by the commands that its CI files run", async () => {
  const { directory, kubeconfig, read } = await startBed();
  const copy = path.join(directory, "push");
  await cp(example, copy, { recursive: true });
  const { KUBECONFIG: _own, ...env } = process.env;
  const run = async (command: string) => {
    const options = {
      cwd: copy,
      env: {
        ...env,
        PATH: `${path.join(root, "bin")}:${env["PATH"] ?? ""}`,
        KUBECONFIG: kubeconfig,
        XDG_CACHE_HOME: directory,
        CONTEXT: "staging",
        OUTPUT: "github",
      },
    };
    return (await execute("sh", ["-c", command], options)).stdout;
  };
  const ci = async (file: string) =>
    commandsOf(parse(await readFile(path.join(copy, "ci", file), "utf8")) as JsonValue);
  const commands = await ci("github.yaml");
  expect(commands).toEqual(["./deploy.sh plan", "./deploy.sh apply"]);
  expect(await ci("gitlab.yaml")).toEqual(commands);
  const deploy = async () => {
    const said: string[] = [];
    for (const command of commands) said.push(await run(command));
    return said.join("");
  };
  const first = await deploy();
  expect(first).toContain("job.batch/migrate succeeded");
  expect(first).toContain("deployment.apps/web created");
  expect(await read("Deployment", "web", "shop")).toMatchObject({ status: { readyReplicas: 2 } });

  const settings = path.join(copy, "app/settings.yaml");
  await writeFile(settings, (await readFile(settings, "utf8")).replace("hello", "good day"));
  const service = path.join(copy, "app/web.yaml");
  await writeFile(service, (await readFile(service, "utf8")).split("---\n")[0] ?? "");
  const second = await deploy();
  expect(second).toContain("configmap/settings configured");
  expect(second).toContain("service/web pruned");
  expect(await read("Service", "web", "shop")).toBeUndefined();

  await run("./deploy.sh plan");
  await rm(settings);
  await expect(run("./deploy.sh apply")).rejects.toMatchObject({ code: 20 });
  expect(await read("ConfigMap", "settings", "shop")).toMatchObject({ data: { GREETING: "good day" } });
});
