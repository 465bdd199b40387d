import { mkdtemp } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { viewPath } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { createAutomation } from "../ui/furnish-images.ts";
import type { HomeCli } from "./run-cli.ts";
import { openHome } from "./run-cli.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const { signal } = new AbortController();
const ref = { type: hubTypes.imageAutomation, namespace: "argocd", name: "shop-dev" };

let api: RunningApi;
let home: HomeCli;

const ways: Readonly<Record<string, () => readonly string[]>> = {
  "over the server": () => [],
  "on the cluster": () => ["--core", "--kubeconfig", api.kubeconfig],
};

beforeAll(async () => {
  api = await startApi([]);
  home = openHome(await mkdtemp(path.join(api.directory, "home-")));
  const address = api.baseUrl.replace("http://", "");
  const { code, err } = await home.runWith(
    { input: `${api.password}\n` },
    "login",
    address,
    "--plaintext",
    "--username",
    "admin",
  );
  if (code !== 0) throw new Error(err);
});

afterAll(async () => await api[Symbol.asyncDispose]());

const read = async (...at: readonly string[]) => viewPath(await api.hub.read(ref, signal), ...at);

beforeEach(async () => {
  for (const { metadata } of await api.hub.list(ref.type, { namespace: ref.namespace, signal }))
    await api.hub.remove({ ...ref, name: metadata.name ?? "" }, { propagation: "Background", signal });
  await createAutomation(
    { cluster: api.hub, signal },
    {
      name: ref.name,
      ready: ["False", "Held", "stage dev is frozen"],
      status: { lastCommit: "5b1e0aa6d0c1".padEnd(40, "0") },
    },
  );
});

describe.each(Object.entries(ways))("image automations %s", (_way, more) => {
  const run = async (...argv: readonly string[]) => await home.run("image", ...argv, ...more());

  it("are listed and shown with what the controller says", async () => {
    // The server may still have what was before.
    await expect
      .poll(async () => (await run("list")).out)
      .toMatch(/^shop-dev +default +False +Held +1 +5b1e0aa6d0c1 +https:\/\/git\.invalid\/shop\.git main$/mu);
    expect((await run("list", "-o", "name")).out).toBe("shop-dev\n");
    const { out } = await run("get", "shop-dev");
    for (const each of ["argocd/shop-dev", "False (Held) stage dev is frozen", "1.10.0"])
      expect(out).toContain(each);
    expect((await run("get", "argocd/shop-dev", "-o", "json")).out).toContain("1.10.0");
    expect(await run("get", "shop-dec")).toMatchObject({
      code: 13,
      err: expect.stringContaining("shop-dec") as string,
    });
  });

  it("are suspended and resumed", async () => {
    expect(await run("suspend", "shop-dev")).toMatchObject({
      code: 0,
      out: "ImageAutomation 'shop-dev' is suspended; end it with: mooring image resume shop-dev\n",
    });
    expect(await read("spec", "suspend")).toBe(true);
    expect((await run("scan", "shop-dev")).out).toContain("it is suspended");
    expect(await run("resume", "shop-dev")).toMatchObject({
      code: 0,
      out: "ImageAutomation 'shop-dev' goes on\n",
    });
    expect(await read("spec", "suspend")).toBeUndefined();
    expect(await read("metadata", "annotations", "mooring.dev/resume")).toBeTypeOf("string");
  });

  it("are scanned, which is over when the controller has looked", async () => {
    // There is no such registry, which the controller finds.
    const { code, out } = await run("scan", "shop-dev", "--timeout", "60");
    expect([code, out]).toEqual([1, expect.stringContaining("False (ImagesFailed)")]);
    expect(await run("scan", "shop-dev", "--async")).toMatchObject({
      code: 0,
      out: "ImageAutomation 'shop-dev' is asked for a scan\n",
    });
  });
});
