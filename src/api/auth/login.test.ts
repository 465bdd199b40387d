import { hash } from "bcryptjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { AuthHub } from "#test/auth/hub.ts";
import { startAuthHub } from "#test/auth/hub.ts";
import type { Authenticator, Passwords } from "./index.ts";
import { startPasswords } from "./index.ts";

const password = "correct horse battery";
let hashed = "";
beforeAll(async () => {
  // Cheap, as some installations have them; the default cost is used where a test changes a password.
  hashed = await hash(password, 4);
});

async function startWithAlice(
  cm: Readonly<Record<string, string>> = {},
): Promise<{ hub: AuthHub; server: Authenticator }> {
  const hub = await startAuthHub();
  await hub.put("ConfigMap", "argocd-cm", {
    "accounts.alice": "login, apiKey",
    "accounts.robot": "apiKey",
    "accounts.former": "login",
    "accounts.former.enabled": "false",
    "admin.enabled": "false",
    ...cm,
  });
  await hub.put("Secret", "argocd-secret", {
    "server.secretkey": "a key of more than sixteen letters",
    "accounts.alice.password": hashed,
    "accounts.robot.password": hashed,
    "accounts.former.password": hashed,
  });
  return { hub, server: await hub.startServer() };
}

const from = (address: string | undefined, cookie?: string) => ({ address, cookie });
const home = from("198.51.100.7");

function cookieHeader(setCookies: readonly string[]): string {
  return setCookies.map((each) => each.split(";", 1)[0] ?? "").join("; ");
}

describe("logging in with a password", () => {
  it("begins a session of the length that is set, as a cookie for browsers", async () => {
    const { hub, server } = await startWithAlice({ "users.session.duration": "2h" });
    const { token, cookies, expiresAtMs } = await server.login({ username: "alice", password, ...home });
    expect(expiresAtMs - hub.clock.now()).toBeGreaterThan(2 * 3_600_000 - 10_000);
    expect(expiresAtMs - hub.clock.now()).toBeLessThanOrEqual(2 * 3_600_000);
    expect(await server.authenticate({ token })).toMatchObject({ kind: "local", username: "alice" });
    expect(cookies[0]).toBe(`argocd.token=${token}; Path=/; HttpOnly; SameSite=Lax; Secure`);
    expect(await server.authenticate({ cookie: cookieHeader(cookies) })).toMatchObject({ carrier: "cookie" });
  });

  it("says the same of a wrong name and a wrong password, and more only to whoever has the right one", async () => {
    const { hub, server } = await startWithAlice();
    const attempts = [
      ["alice", "wrong"],
      ["nobody", password],
      ["admin", ""],
      ["robot", "wrong"],
      ["former", "wrong"],
      ["robot", password],
      ["former", password],
    ] as const;
    const said = [];
    for (const [index, [username, tried]] of attempts.entries()) {
      const client = from(`203.0.113.${index}`);
      said.push(
        await server.login({ username, password: tried, ...client }).catch((error: Error) => error.message),
      );
    }
    const same = "invalid username or password; log in again or use another token";
    expect(said).toEqual([
      same,
      same,
      same,
      same,
      same,
      "account robot has not the capability login; log in again or use another token",
      "account former is disabled; log in again or use another token",
    ]);
    expect(hub.logged.join("\n")).not.toContain(password);
  });

  it("compares a hash for a name that is no account, too, so that it takes as long", async () => {
    const { hub } = await startWithAlice();
    await using real = startPasswords();
    const compared: boolean[] = [];
    const passwords: Passwords = {
      ...real,
      verify: async (tried, hashed, options) => {
        const isRight = await real.verify(tried, hashed, options);
        compared.push(isRight);
        return isRight;
      },
    };
    const server = await hub.startServer({ passwords });
    for (const username of ["alice", "nobody", "admin", "former"]) {
      await server.login({ username, password: "wrong", ...home }).catch(() => undefined);
    }
    await server.login({ username: "alice", password, ...home });
    expect(compared).toEqual([false, false, false, false, true]);
  });

  it("keeps guessers out and the owner in, whose browser has logged in before", async () => {
    const { hub, server } = await startWithAlice();
    const { cookies } = await server.login({ username: "alice", password, ...home });
    const guess = async (address: string) =>
      await server
        .login({ username: "alice", password: "guess", ...from(address) })
        .catch((error: { code: string }) => error.code);
    const answers = [];
    for (let n = 0; n < 40; n += 1) answers.push(await guess(`203.0.113.${n % 10}`));
    expect(answers.filter((code) => code === "API_UNAUTHENTICATED")).toHaveLength(30);
    expect(answers.filter((code) => code === "API_THROTTLED")).toHaveLength(10);
    const right = { username: "alice", password };
    await expect(server.login({ ...right, ...from("203.0.113.1") })).rejects.toMatchObject({
      code: "API_THROTTLED",
    });
    await server.login({ ...right, ...from("203.0.113.1", cookieHeader(cookies)) });
    await server.login({ ...right, ...home });
    hub.clock.offsetMs += 3_600_000;
    await server.login({ ...right, ...from("203.0.113.1") });
  });

  it("lets many log in at once from one place, where all have the right password", async () => {
    const { server } = await startWithAlice();
    const right = { username: "alice", password, ...from("203.0.113.1") };
    const done = await Promise.all(Array.from({ length: 30 }, () => server.login(right)));
    expect(done.map(({ token }) => token.split("."))).toHaveLength(30);
    const wrong = { ...right, password: "guess", ...from("203.0.113.2") };
    const refused = await Promise.all(
      Array.from({ length: 30 }, () => server.login(wrong).catch((error: { code: string }) => error.code)),
    );
    expect(refused.filter((code) => code === "API_UNAUTHENTICATED")).toHaveLength(5);
    expect(refused.filter((code) => code === "API_THROTTLED")).toHaveLength(25);
  });

  it("does not believe a cookie that says the browser is known", async () => {
    const { hub, server } = await startWithAlice();
    const { cookies } = await server.login({ username: "alice", password, ...home });
    const device =
      cookies.map((each) => each.split(";", 1)[0] ?? "").find((each) => each.startsWith("mooring.device=")) ??
      "";
    const changed = `${device.slice(0, -2)}${device.endsWith("AA") ? "BB" : "AA"}`;
    const attempt = { username: "alice", password: "guess" };
    const codes = async (cookie: string, address: string) => {
      const seen = [];
      for (let n = 0; n < 7; n += 1) {
        seen.push(
          await server
            .login({ ...attempt, ...from(address, cookie) })
            .catch((error: { code: string }) => error.code),
        );
      }
      return seen.filter((code) => code === "API_THROTTLED").length;
    };
    expect(await codes(changed, "203.0.113.1")).toBe(2);
    expect(await codes(device, "203.0.113.2")).toBe(0);
    hub.clock.offsetMs += 91 * 86_400_000;
    expect(await codes(device, "203.0.113.3")).toBe(2);
  });

  it("refuses passwords and names that are too long without comparing them", async () => {
    const { server } = await startWithAlice();
    for (const request of [
      { username: "alice", password: "x".repeat(2_000) },
      { username: "a".repeat(300), password },
    ]) {
      await expect(server.login({ ...request, ...home })).rejects.toMatchObject({
        code: "API_UNAUTHENTICATED",
      });
    }
  });
});
