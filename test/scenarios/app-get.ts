import { expect } from "vitest";
import type { Application } from "#core/app/index.ts";
import type { TestApplication, TestHub } from "../application/fixture.ts";
import { openCli } from "../cli/run.ts";

/**
 * What `mooring app get` prints of an application, without what is the same for every application of these tests, and with what differs
 * from run to run replaced: columns stand two spaces apart, and names, revisions and times have placeholders.
 */
export async function appGet(hub: TestHub, app: TestApplication): Promise<string> {
  const { code, out, err } = await openCli(hub).run("app", "get", app.name);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const from = out.indexOf("Sync Policy:");
  return app
    .plain(out.slice(from))
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC/gu, "<moment>")
    .replaceAll(/^(Duration: +).*$/gmu, "$1<duration>")
    .replaceAll(/\([0-9a-f]{7}\)/gu, "(<commit>)")
    .replaceAll(/(?<=\S) {2,}/gu, "  ");
}

/** Waits until the application's operation says this. */
export async function saying(app: TestApplication, text: string): Promise<Application> {
  return app.waitFor(({ status }) => expect(status?.operationState?.message).toContain(text), 60_000);
}

/** Waits until the operation has ended. */
export async function ended(app: TestApplication): Promise<Application> {
  return app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined(), 60_000);
}
