import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { RunningUp } from "../api/fixture.ts";

/** Waits until the page of an application says this of it beside its name, such as `Healthy Synced`. */
export async function untilSaid(page: Page, name: string, states: string): Promise<void> {
  const title = page.getByRole("heading", { level: 1 });
  const said = async () => (await title.innerText()).replaceAll(/\s+/gu, " ").trim();
  await expect.poll(said, { timeout: 60_000 }).toBe(`${name} ${states}`);
}

/** Marks the page; gives what tells whether it is the same still, and was not loaded anew. */
export async function markPage(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
  return () => page.evaluate(() => "isSamePage" in globalThis);
}

interface ConfigMapName {
  readonly namespace: string;
  readonly name: string;
}

type Up = Pick<RunningUp, "cluster" | "signal">;

/** What a ConfigMap of the cluster holds; nothing when there is none. */
export async function dataOf({ cluster, signal }: Up, named: ConfigMapName): Promise<JsonObject> {
  return viewObject(await cluster.read({ type: hubTypes.configMap, ...named }, signal), "data");
}

/** Changes a ConfigMap as `mallory`, behind Git's back. */
export async function meddle(
  { cluster, signal }: Up,
  named: ConfigMapName,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  const write = { fieldManager: "mallory", signal };
  await cluster.mergePatch({ type: hubTypes.configMap, ...named }, { data }, write);
}

interface NewApplication {
  readonly name: string;
  readonly repoURL: string;
  readonly path: string;
  readonly namespace: string;
}

/** Makes an application that nobody syncs but people, by the form of the list; what it would deploy is shown then. */
export async function createByForm(page: Page, wanted: NewApplication): Promise<void> {
  const { name, repoURL, path, namespace } = wanted;
  await page.getByRole("button", { name: "New application" }).first().click();
  const form = page.getByRole("dialog", { name: "New application" });
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel("Repository", { exact: true }).fill(repoURL);
  await form.getByLabel("Path", { exact: true }).fill(path);
  await form.getByLabel("Target revision").fill("main");
  await form.getByLabel("Namespace", { exact: true }).fill(namespace);
  await form.getByLabel("Sync by itself").uncheck();
  await form.getByRole("button", { name: "Create, and see what it would deploy" }).click();
}
