import { readFile } from "node:fs/promises";
import { inject, onTestFinished, type TestContext } from "vitest";
import type { TestProject } from "vitest/node";
import { type ControlPlaneAccess, parseKubeconfig } from "./kubeconfig.ts";
import { createNamespace } from "./namespaces.ts";
import { startControlPlane } from "./start.ts";

export { ApiError, callApi, callApiText, type KubernetesObject } from "./api-client.ts";
export { type AuditEntry, auditMark, readAuditLog } from "./audit.ts";
export { compactEtcd } from "./etcd.ts";
export { eventually } from "./eventually.ts";
export type { ControlPlaneAccess } from "./kubeconfig.ts";
export { createNamespace } from "./namespaces.ts";
export { startControlPlane } from "./start.ts";

declare module "vitest" {
  export interface ProvidedContext {
    controlPlane: ControlPlaneAccess;
  }
}

/**
 * Vitest's global setup: one control plane for the whole run, or the running one whose kubeconfig
 * `MOORING_TEST_KUBECONFIG` names. A test that stops or restarts the API server starts its own.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env["MOORING_TEST_KUBECONFIG"];
  if (running !== undefined && running !== "") {
    project.provide("controlPlane", parseKubeconfig(await readFile(running, "utf8"), running));
    return undefined;
  }
  const controlPlane = await startControlPlane();
  process.stderr.write(`control plane: ready after ${(controlPlane.startMs / 1000).toFixed(1)} s\n`);
  project.provide("controlPlane", controlPlane.access);
  return async () => controlPlane[Symbol.asyncDispose]();
}

/** The control plane of this run. */
export function controlPlane(): ControlPlaneAccess {
  return inject("controlPlane");
}

/**
 * A namespace for the running test alone, named at random and deleted when the test ends. A test that
 * is `concurrent` passes its context: vitest cannot tell which of them called.
 */
export async function testNamespace(
  prefix?: string,
  context: Pick<TestContext, "onTestFinished"> = { onTestFinished },
): Promise<string> {
  const creating = createNamespace(controlPlane(), prefix);
  context.onTestFinished(async () => (await creating)[Symbol.asyncDispose]());
  return (await creating).name;
}
