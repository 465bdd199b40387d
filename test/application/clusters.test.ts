import { describe, expect } from "vitest";
import { startHangingServer } from "../git-servers/faulty-servers.ts";
import { callApi, configMap, eventually, it } from "./fixture.ts";
import { admit, anotherUrl, register } from "./registered-cluster.ts";

const files = { "a.yaml": configMap("a", { k: "1" }) };
const automated = { selfHeal: true };

describe("an application on a registered cluster", () => {
  it("is deployed and healed there, by name and by server", async ({ create, hub }) => {
    await register(hub, { name: "second", server: hub.access.server });
    const byName = await create("byname", { automated, files, destination: { server: "", name: "second" } });
    const byServer = await create("byserver", {
      automated,
      files,
      destination: { server: hub.access.server },
    });
    await Promise.all([byName.synced(), byServer.synced()]);
    await byName.patchLive("configmaps/a", { data: { k: "by hand" } });
    await eventually(async () => expect((await byName.live("configmaps/a"))?.["data"]).toEqual({ k: "1" }));
    await byName.synced();
    expect((await byName.status()).sync?.comparedTo?.destination).toEqual({
      server: "",
      name: "second",
      namespace: byName.namespace,
    });
  });

  it("that does not answer harms nobody else, and is used as soon as it answers", async ({ create, hub }) => {
    await register(hub, { name: "dark", server: "https://127.0.0.1:1" });
    const dark = await create("dark", { automated, files, destination: { server: "", name: "dark" } });
    const fine = await create("fine", { automated, files });
    await fine.synced();
    await dark.waitFor(async () =>
      expect(await dark.conditions()).toEqual([
        "ComparisonError: https://127.0.0.1:1: nothing listens there; check the address and whether the API server runs",
      ]),
    );
    expect(await dark.state()).toBe("Unknown -");
    await fine.push({ "a.yaml": configMap("a", { k: "2" }) });
    await fine.synced();
    await callApi(hub.access, {
      method: "PATCH",
      path: `/api/v1/namespaces/${hub.namespace}/secrets/cluster-dark`,
      contentType: "application/merge-patch+json",
      body: { stringData: { server: anotherUrl(hub, "LocalHost") } },
    });
    await dark.synced();
    expect(await dark.conditions()).toEqual([]);
  });

  it("that accepts connections and never says a word does not hold up others", async ({
    create,
    hub,
    onTestFinished,
  }) => {
    const silent = await startHangingServer();
    onTestFinished(async () => silent[Symbol.asyncDispose]());
    await register(hub, { name: "silent", server: silent.url.replace("http:", "https:") });
    const fine = await create("fine", { automated, files });
    const destination = { server: "", name: "silent" };
    const { repository, namespace } = fine;
    const stuck = Array.from({ length: 12 }, () =>
      create("stuck", { automated, repository, namespace, destination }),
    );
    await Promise.all(stuck);
    await eventually(() => expect(silent.count).toBeGreaterThan(0));
    const late = await create("late", { automated, files });
    await Promise.all([fine.synced(), late.synced()]);
    await fine.patchLive("configmaps/a", { data: { k: "by hand" } });
    await eventually(async () => expect((await fine.live("configmaps/a"))?.["data"]).toEqual({ k: "1" }), {
      timeoutMs: 5_000,
    });
  });

  it("with a token that is refused says so", async ({ create, hub }) => {
    const server = anotherUrl(hub, "localhost");
    await register(hub, { name: "refused", server, token: "not-a-token-of-anybody" });
    const app = await create("refused", { automated, files, destination: { server: "", name: "refused" } });
    await app.waitFor(async () => expect(await app.conditions()).toHaveLength(1));
    const [condition = ""] = await app.conditions();
    expect(condition.replace(server, "<server>")).toMatchInlineSnapshot(
      `"ComparisonError: discovery: the API server does not accept the credentials; renew the token or certificate of this cluster"`,
    );
    expect(hub.log.join("")).not.toContain("not-a-token-of-anybody");
  });

  it("that is restricted to namespaces needs no rights beyond them", async ({ create, hub }) => {
    const app = await create("narrow", { automated, files, destination: { server: "", name: "narrow" } });
    await admit(hub, "alice", app.namespace);
    await register(hub, {
      name: "narrow",
      server: anotherUrl(hub, "LOCALHOST"),
      token: hub.access.users["alice"] ?? "",
      namespaces: app.namespace,
    });
    await app.synced();
    await app.patchLive("configmaps/a", { data: { k: "by hand" } });
    await eventually(async () => expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "1" }));
  });
});
