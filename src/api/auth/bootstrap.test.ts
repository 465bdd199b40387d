import { describe, expect, it } from "vitest";
import { startAuthHub } from "#test/auth/hub.ts";

const client = { address: "198.51.100.7", cookie: undefined };

describe("a new installation", () => {
  it(
    "gets a key and a password on which replicas that start together agree",
    { timeout: 60_000 },
    async () => {
      const hub = await startAuthHub();
      const servers = await Promise.all([1, 2, 3].map(async () => await hub.startServer()));
      const { password = "" } = await hub.secret("argocd-initial-admin-secret");
      expect(password).toMatch(/^[-0-9A-Za-z]{16}$/u);
      const sessions = await Promise.all(
        servers.map(async (server) => await server.login({ username: "admin", password, ...client })),
      );
      for (const server of servers) {
        for (const { token } of sessions) {
          await expect
            .poll(async () => await server.authenticate({ token }))
            .toMatchObject({ username: "admin" });
        }
      }
      const secret = await hub.secret("argocd-secret");
      expect(Object.keys(secret).toSorted()).toEqual([
        "admin.password",
        "admin.passwordMtime",
        "server.secretkey",
      ]);
      expect(Buffer.from(secret["server.secretkey"] ?? "", "base64")).toHaveLength(32);
      expect(hub.logged.join("\n")).not.toContain(password);
    },
  );

  it(
    "keeps what is there, and takes the password that a start which crashed left behind",
    { timeout: 60_000 },
    async () => {
      const hub = await startAuthHub();
      await hub.put("Secret", "argocd-secret", {
        "webhook.github.secret": "kept",
        "server.secretkey": "sixteen letters!",
      });
      await hub.put("Secret", "argocd-initial-admin-secret", { password: "left-behind" });
      const server = await hub.startServer();
      await server.login({ username: "admin", password: "left-behind", ...client });
      const before = await hub.secret("argocd-secret");
      expect(before).toMatchObject({
        "webhook.github.secret": "kept",
        "server.secretkey": "sixteen letters!",
      });
      await hub.startServer();
      expect(await hub.secret("argocd-secret")).toEqual(before);
    },
  );

  it("gets no password where admin is disabled", async () => {
    const hub = await startAuthHub();
    await hub.put("ConfigMap", "argocd-cm", { "admin.enabled": "false" });
    await hub.startServer();
    expect(Object.keys(await hub.secret("argocd-secret"))).toEqual(["server.secretkey"]);
    expect(await hub.secret("argocd-initial-admin-secret")).toEqual({});
  });
});
