import { hash } from "bcryptjs";
import { beforeAll, describe, expect, it } from "vitest";
import { makeJwt, sessionClaims, startAuthHub } from "#test/auth/hub.ts";
import type { AuthHub } from "#test/auth/hub.ts";
import type { Authenticator, Identity } from "./index.ts";

const key = "a key of more than sixteen letters";
const password = "correct horse battery";
const client = { address: "198.51.100.7", cookie: undefined };
let hashed = "";
beforeAll(async () => {
  hashed = await hash(password, 4);
});

async function startInstalled(
  cm: Readonly<Record<string, string>> = {},
): Promise<{ hub: AuthHub; server: Authenticator }> {
  const hub = await startAuthHub();
  await hub.put("ConfigMap", "argocd-cm", {
    "accounts.alice": "login",
    "accounts.robot": "apiKey",
    "admin.enabled": "false",
    ...cm,
  });
  await hub.put("Secret", "argocd-secret", { "server.secretkey": key, "accounts.alice.password": hashed });
  return { hub, server: await hub.startServer() };
}

describe("changing a password", () => {
  it("takes the current one, and kills older sessions", async () => {
    const { hub, server } = await startInstalled();
    const old = makeJwt(sessionClaims(hub.clock.now() - 60_000), key);
    const alice = await server.authenticate({ token: old });
    const newPassword = "a better password";
    await expect(
      server.updatePassword(alice, { currentPassword: "wrong", newPassword, ...client }),
    ).rejects.toMatchObject({ code: "API_INVALID_ARGUMENT", message: "current password does not match" });
    await server.updatePassword(alice, { currentPassword: password, newPassword, ...client });
    await expect(server.authenticate({ token: old })).rejects.toMatchObject({
      message:
        "the password of account alice was changed after the token was made; log in again or use another token",
    });
    await expect(server.login({ username: "alice", password, ...client })).rejects.toMatchObject({
      code: "API_UNAUTHENTICATED",
    });
    const { token } = await server.login({ username: "alice", password: newPassword, ...client });
    expect(await server.authenticate({ token })).toMatchObject({ username: "alice" });
    const secret = await hub.secret("argocd-secret");
    expect(secret["accounts.alice.password"]).toMatch(/^\$2[aby]\$10\$/u);
    expect(secret["accounts.alice.passwordMtime"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u);
  });

  it("counts wrong current passwords as wrong logins", async () => {
    const { hub, server } = await startInstalled();
    const alice = await server.authenticate({ token: makeJwt(sessionClaims(hub.clock.now()), key) });
    const change = { currentPassword: "guess", newPassword: "a better password", ...client };
    const codes = [];
    for (let n = 0; n < 7; n += 1) {
      codes.push(await server.updatePassword(alice, change).catch((error: { code: string }) => error.code));
    }
    expect(codes).toEqual([
      ...Array.from({ length: 5 }, () => "API_INVALID_ARGUMENT"),
      "API_THROTTLED",
      "API_THROTTLED",
    ]);
  });

  it("says why a new password is none, and does not say the password", async () => {
    const { hub, server } = await startInstalled();
    const alice = await server.authenticate({ token: makeJwt(sessionClaims(hub.clock.now()), key) });
    const reasonOf = async (newPassword: string) =>
      await server
        .updatePassword(alice, { currentPassword: password, newPassword, ...client })
        .catch((error: Error) => error.message);
    expect(await reasonOf("short")).toBe("new password does not match the following expression: ^.{8,32}$");
    await hub.put("ConfigMap", "argocd-cm", { "accounts.alice": "login", passwordPattern: "^.*$" });
    await expect.poll(() => server.settings.passwordPattern).toBe("^.*$");
    expect(await reasonOf("ä".repeat(40))).toBe(
      "new password has more than 72 bytes, of which bcrypt looks at no more; shorten it",
    );
    await hub.put("ConfigMap", "argocd-cm", { "accounts.alice": "login", passwordPattern: "(?=x)" });
    await expect.poll(() => server.settings.passwordPattern).toBe("(?=x)");
    expect(await reasonOf("whatever it is")).toContain("ConfigMap argocd-cm: passwordPattern is no pattern");
  });

  it("takes somebody from the identity provider only right after they logged in there", async () => {
    const { hub, server } = await startInstalled();
    const sso: Extract<Identity, { kind: "oidc" }> = {
      kind: "oidc",
      username: "ada@example.com",
      subject: "ada",
      issuer: "https://idp.example.com",
      groups: [],
      claims: {},
      carrier: "bearer",
      issuedAtMs: hub.clock.now() - 60_000,
      sessionExpiresAtMs: hub.clock.now() + 60_000,
    };
    const change = { name: "alice", currentPassword: "", newPassword: "a better password", ...client };
    const early = { ...sso, issuedAtMs: hub.clock.now() - 6 * 60_000 };
    await expect(server.updatePassword(early, change)).rejects.toMatchObject({ code: "API_UNAUTHENTICATED" });
    await server.updatePassword(sso, change);
    await server.login({ username: "alice", password: "a better password", ...client });
    await expect(server.updatePassword(sso, { ...change, name: "nobody" })).rejects.toMatchObject({
      code: "API_NOT_FOUND",
    });
    await expect(server.updatePassword(sso, { ...change, name: undefined })).rejects.toMatchObject({
      code: "API_NOT_FOUND",
    });
  });
});

describe("API tokens", () => {
  it("are good from when they were made until they are taken back", async () => {
    const { hub, server } = await startInstalled();
    const token = await server.createApiToken("robot", { id: "deploy", expiresInSeconds: 3_600 });
    expect(await server.authenticate({ token })).toMatchObject({ username: "robot" });
    const forever = await server.createApiToken("robot", { expiresInSeconds: 0 });
    expect((await server.authenticate({ token: forever })).sessionExpiresAtMs).toBeUndefined();
    expect(server.getAccount("robot")).toEqual({
      name: "robot",
      enabled: true,
      capabilities: ["apiKey"],
      tokens: [
        { id: "deploy", issuedAt: expect.any(Number) as number, expiresAt: expect.any(Number) as number },
        {
          id: expect.stringMatching(/^[-0-9a-f]{36}$/u) as string,
          issuedAt: expect.any(Number) as number,
          expiresAt: undefined,
        },
      ],
    });
    const stored = JSON.parse((await hub.secret("argocd-secret"))["accounts.robot.tokens"] ?? "") as {
      id: string;
      exp?: number;
      iat: number;
    }[];
    expect(stored.map(({ id, iat, exp }) => [id, exp === undefined ? undefined : exp - iat])).toEqual([
      ["deploy", 3_600],
      [expect.any(String), undefined],
    ]);
    await server.deleteApiToken("robot", "deploy");
    await expect(server.authenticate({ token })).rejects.toMatchObject({
      message: "account robot has no such token any more; log in again or use another token",
    });
    await expect(server.deleteApiToken("robot", "deploy")).rejects.toMatchObject({ code: "API_NOT_FOUND" });
    hub.clock.offsetMs += 10 * 365 * 86_400_000;
    expect(await server.authenticate({ token: forever })).toMatchObject({ username: "robot" });
  });

  it("are refused to accounts that may have none, and with an id that is taken", async () => {
    const { server } = await startInstalled();
    await server.createApiToken("robot", { id: "one", expiresInSeconds: 0 });
    const refusals = [
      server.createApiToken("alice", { expiresInSeconds: 0 }),
      server.createApiToken("nobody", { expiresInSeconds: 0 }),
      server.createApiToken("robot", { id: "one", expiresInSeconds: 0 }),
      server.createApiToken("robot", { id: "line\nend", expiresInSeconds: 0 }),
      server.createApiToken("robot", { expiresInSeconds: -1 }),
    ];
    const messages = (await Promise.allSettled(refusals)).map((each) =>
      each.status === "rejected" ? (each.reason as Error).message : "made",
    );
    expect(messages).toEqual([
      "account alice: has not the capability apiKey; add it to accounts.alice of ConfigMap argocd-cm",
      "account nobody: does not exist; add accounts.nobody to ConfigMap argocd-cm",
      "account robot: has a token with the id one; choose another",
      "id: has more than 256 or unprintable letters; choose another",
      "expiresIn: must be a number of seconds, or 0 for never",
    ]);
  });

  it("are all kept when several replicas make some at the same time", async () => {
    const { hub, server } = await startInstalled();
    const other = await hub.startServer();
    const ids = ["a", "b", "c", "d"];
    const tokens = await Promise.all(
      ids.map(
        async (id, index) =>
          await (index % 2 === 0 ? server : other).createApiToken("robot", { id, expiresInSeconds: 0 }),
      ),
    );
    const later = await hub.startServer();
    for (const token of tokens)
      expect(await later.authenticate({ token })).toMatchObject({ username: "robot" });
  });

  it("list every account with what it may do", async () => {
    const { server } = await startInstalled();
    expect(
      server
        .listAccounts()
        .map(({ name, enabled, capabilities }) => `${name} ${String(enabled)} ${capabilities.join(",")}`),
    ).toEqual(["admin false login", "alice true login", "robot true apiKey"]);
  });
});
