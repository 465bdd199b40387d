import { compare } from "bcryptjs";
import { expect, it } from "vitest";
import { connect, testSignal } from "../kube/connect.ts";
import { openAuthHub } from "../auth/hub.ts";
import { startCli } from "./run.ts";

const client = { address: "198.51.100.7", cookie: undefined };

it("prints the hash of a password that is given or comes on standard input", async () => {
  const cli = await startCli("bcrypt");
  const given = await cli.run("account", "bcrypt", "--password", "correct horse");
  expect(await compare("correct horse", given.out.trim())).toBe(true);
  const read = await cli.runWith({ input: "from a file\n" }, "account", "bcrypt");
  expect(await compare("from a file", read.out.trim())).toBe(true);
  expect(await cli.runWith({ input: "\n" }, "account", "bcrypt")).toMatchObject({ code: 20 });
  expect((await cli.run("account", "bcrypt", "--password", "ä".repeat(37))).err).toContain(
    "more than 72 bytes",
  );
});

it("tells the first password of admin, and makes a new one", async () => {
  const cli = await startCli("admin");
  const missing = await cli.run("admin", "initial-password");
  expect(missing).toMatchObject({
    code: 13,
    err: expect.stringContaining("initial-password reset") as string,
  });
  expect(await cli.run("admin", "initial-password", "reset")).toMatchObject({ code: 13 });

  const hub = openAuthHub(await connect(), cli.namespace, testSignal());
  const servers = await Promise.all([hub.startServer(), hub.startServer()]);
  const first = (await cli.run("admin", "initial-password")).out.trim();
  const sessions = await Promise.all(
    servers.map(async (server) => await server.login({ username: "admin", password: first, ...client })),
  );
  // Sessions and passwords are compared in whole seconds.
  hub.clock.offsetMs += 2_000;

  const second = (await cli.run("admin", "initial-password", "reset")).out.trim();
  expect(second).not.toBe(first);
  expect((await cli.run("admin", "initial-password")).out.trim()).toBe(second);
  for (const server of servers) {
    await expect
      .poll(async () => await server.login({ username: "admin", password: second, ...client }), {
        timeout: 20_000,
        interval: 500,
      })
      .toMatchObject({ token: expect.any(String) as string });
    await expect(server.login({ username: "admin", password: first, ...client })).rejects.toMatchObject({
      code: "API_UNAUTHENTICATED",
    });
  }
  expect(sessions).toHaveLength(2);
  expect(await cli.run("admin", "initial-password", "restart")).toMatchObject({ code: 20 });
  expect(hub.logged.join("\n")).not.toMatch(new RegExp(`${first}|${second}`, "u"));
});

it("agrees on a new installation and shares ended sessions through a real API server", async () => {
  const { namespace } = await startCli("replicas");
  const hub = openAuthHub(await connect(), namespace, testSignal());
  const [first, second, third] = await Promise.all([hub.startServer(), hub.startServer(), hub.startServer()]);
  const { password = "" } = await hub.secret("argocd-initial-admin-secret");
  const { token } = await first.login({ username: "admin", password, ...client });
  expect(await second.authenticate({ token })).toMatchObject({ username: "admin" });
  await second.logout({ token });
  for (const server of [first, second, third]) {
    await expect
      .poll(async () => await server.authenticate({ token }).catch((error: Error) => error.message), {
        timeout: 10_000,
      })
      .toContain("the session was ended");
  }
});
