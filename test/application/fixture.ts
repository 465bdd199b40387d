import { onTestFailed, test, type TestContext } from "vitest";
import { type ControlPlaneAccess, controlPlane } from "../control-plane/fixture.ts";
import { type ApplicationSettings, createApplication, type TestApplication } from "./application.ts";
import { createHub, type TestHub } from "./hub.ts";

export { test as plainIt } from "vitest";
export { callApi, eventually } from "../control-plane/fixture.ts";
export type { TestApplication } from "./application.ts";
export { createApplication, gone, inCluster } from "./application.ts";
export { createHub, createProject, type TestHub } from "./hub.ts";
export * from "./manifests.ts";

const logTail = 60;

/** Prints the end of the controllers' log when the running test fails. */
export function showLogOnFailure(hub: TestHub): void {
  const from = hub.log.length;
  onTestFailed(() => {
    process.stderr.write(`controller's log:\n${hub.log.slice(from).slice(-logTail).join("")}`);
  });
}

type CreateApplication = (prefix: string, settings?: ApplicationSettings) => Promise<TestApplication>;

/** A test on a hub that its file shares, with a controller that runs; `create` makes an Application. */
export const it = test
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of fixtures from this pattern
  .extend("hub", { scope: "file" }, async ({}, { onCleanup }) => {
    const hub = await createHub(controlPlane());
    onCleanup(async () => hub[Symbol.asyncDispose]());
    await hub.start();
    return hub;
  })
  .extend("create", async ({ hub }): Promise<CreateApplication> => {
    showLogOnFailure(hub);
    return (prefix, settings) => createApplication(hub, prefix, settings);
  });

/** A hub for one test, without a controller, that makes Applications itself. */
export async function newHub(
  context: Pick<TestContext, "onTestFinished">,
  access: ControlPlaneAccess = controlPlane(),
): Promise<TestHub & { readonly app: CreateApplication }> {
  const hub = await createHub(access);
  context.onTestFinished(async () => hub[Symbol.asyncDispose]());
  showLogOnFailure(hub);
  return { ...hub, app: (prefix, settings) => createApplication(hub, prefix, settings) };
}
