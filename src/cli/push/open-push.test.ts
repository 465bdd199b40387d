import { expect, it } from "vitest";
import { runCli } from "../main.ts";
import type { CliPorts } from "../ports.ts";
import { createTestPorts } from "../testing.ts";
import { createFilesTree } from "./files-tree.ts";

/** What a command connects with, or what it says instead. */
async function connectedWith(env: CliPorts["env"], ...argv: readonly string[]): Promise<unknown> {
  const ports = createTestPorts();
  let asked: unknown;
  const connect: CliPorts["connect"] = (options) => {
    asked = options;
    return Promise.reject(new Error("far enough"));
  };
  const findDirectory: CliPorts["findDirectory"] = () =>
    Promise.resolve({ root: "/web", inGit: false, tree: createFilesTree(new Map()), path: "" });
  await runCli(["plan", "web", ...argv], { ...ports, env, connect, findDirectory });
  return asked ?? ports.complained();
}

const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1" };

it("the cluster is the context that is named, and never the current one of a kubeconfig", async () => {
  expect(await connectedWith({}, "--to", "prod")).toEqual({ kubeconfig: undefined, context: "prod" });
  expect(await connectedWith({}, "--context", "prod")).toMatchObject({ context: "prod" });
  expect(await connectedWith({})).toContain("flag --to: give the kubeconfig context");
  expect(await connectedWith({}, "--to", "a", "--context", "b")).toContain("flags --to and --context");
});

it("in-cluster is the cluster of the pod, but a context where there is a kubeconfig", async () => {
  const to = ["--to", "in-cluster"];
  expect(await connectedWith(pod, ...to)).toEqual({ kubeconfig: undefined, context: undefined });
  expect(await connectedWith({}, ...to)).toMatchObject({ context: "in-cluster" });
  expect(await connectedWith({ ...pod, KUBECONFIG: "/k" }, ...to)).toMatchObject({ context: "in-cluster" });
  expect(await connectedWith(pod, ...to, "--kubeconfig", "/k")).toEqual({
    kubeconfig: "/k",
    context: "in-cluster",
  });
});
