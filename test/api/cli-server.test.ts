import { mkdtemp, readFile, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRepository } from "#test/git-servers/repository.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { HomeCli } from "./run-cli.ts";
import { openHome } from "./run-cli.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const { signal } = new AbortController();
const inCluster = "https://kubernetes.default.svc";

let api: RunningApi;
let address: string;
let repoURL: string;

beforeAll(async () => {
  api = await startApi([]);
  address = api.baseUrl.replace("http://", "");
  const repository = await createRepository(path.join(api.directory, "app.git"));
  repoURL = repository.url;
  await repository.commit({
    "all.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {greeting: hello}\n`,
  });
});

afterAll(async () => await api[Symbol.asyncDispose]());

/** A home of its own, of somebody who is logged in nowhere. */
async function newHome(): Promise<HomeCli> {
  return openHome(await mkdtemp(path.join(api.directory, "home-")));
}

async function asAdmin(): Promise<HomeCli> {
  const cli = await newHome();
  const { code, err } = await cli.runWith(
    { input: `${api.password}\n` },
    "login",
    address,
    "--plaintext",
    "--username",
    "admin",
  );
  if (code !== 0) throw new Error(err);
  return cli;
}

async function configOf({ home }: HomeCli): Promise<string> {
  return await readFile(`${home}/.config/argocd/config`, "utf8");
}

interface Plan {
  readonly digest: string;
}

async function ok(cli: HomeCli, ...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await cli.run(...argv);
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${err}`);
  return out;
}

/** Makes an account that may do what the policy says, and a home in which it is logged in. */
async function withAccount(name: string, policy: string): Promise<HomeCli> {
  const change = (map: string, data: Readonly<Record<string, string>>) =>
    api.hub.mergePatch(
      { type: hubTypes.configMap, namespace: "argocd", name: map },
      { data },
      { fieldManager: "test", signal },
    );
  await change("argocd-rbac-cm", { "policy.csv": policy });
  await change("argocd-cm", { [`accounts.${name}`]: "login, apiKey" });
  const admin = await asAdmin();
  const password = `${name}-password`;
  // The server hears of the account by its watch.
  await expect
    .poll(
      async () =>
        await admin.runWith(
          { input: password, env: { MOORING_CURRENT_PASSWORD: api.password } },
          "account",
          "update-password",
          "--account",
          name,
        ),
      { timeout: 30_000 },
    )
    .toMatchObject({ code: 0 });
  const cli = await newHome();
  await ok(cli, "login", address, "--plaintext", "--username", name, "--password", password);
  return cli;
}

function createArgs(name: string, project = "default"): readonly string[] {
  const source = ["--repo", repoURL, "--path", ".", "--project", project];
  return ["app", "create", name, ...source, "--dest-server", inCluster, "--dest-namespace", "default"];
}

describe("logging in", () => {
  it("keeps the login where argocd keeps it, for its owner alone", async () => {
    const cli = await asAdmin();
    const file = `${cli.home}/.config/argocd/config`;
    expect((await configOf(cli)).replace(/auth-token: .+/u, "auth-token: TOKEN")).toBe(
      `contexts:
- name: ${address}
  server: ${address}
  user: ${address}
current-context: ${address}
servers:
- grpc-web-root-path: ""
  plain-text: true
  server: ${address}
users:
- auth-token: TOKEN
  name: ${address}
`,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await ok(cli, "account", "get-user-info")).toBe(
      "Logged In: true\nUsername: admin\nIssuer: argocd\nGroups: \n",
    );
  });

  it("refuses a wrong password, and keeps nothing", async () => {
    const cli = await newHome();
    const { code, err } = await cli.runWith(
      { input: "wrong\n" },
      "login",
      address,
      "--plaintext",
      "--username",
      "admin",
    );
    expect({ code, err }).toEqual({
      code: 11,
      err: `mooring: server ${address}: invalid username or password\n  check name and password\n`,
    });
    await expect(configOf(cli)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("asks for what is missing by name, and takes the password from the environment", async () => {
    const cli = await newHome();
    const none = await cli.run("login", address, "--plaintext", "--username", "admin");
    expect(none.err).toBe(
      "mooring: login: there is no password\n  give --username, and the password on standard input or in ARGOCD_PASSWORD\n",
    );
    const env = { ARGOCD_USERNAME: "admin", ARGOCD_PASSWORD: api.password };
    expect((await cli.runWith({ env }, "login", address, "--plaintext")).code).toBe(0);
  });

  it("says that a server has no TLS before a password is sent", async () => {
    const cli = await newHome();
    const { code, err } = await cli.runWith({ input: api.password }, "login", address, "--username", "admin");
    expect({ code, err }).toEqual({
      code: 11,
      err: `mooring: server ${address}: has no TLS\n  pass --plaintext to go on without\n`,
    });
  });

  it("names a certificate file that cannot be read", async () => {
    const cli = await newHome();
    const { code, err } = await cli.run("login", address, "--username", "a", "--server-crt", "/nowhere.pem");
    expect({ code, err: err.split(":", 2)[1] }).toEqual({ code: 20, err: " file /nowhere.pem" });
  });

  it("says that nobody answers, and where", async () => {
    const cli = await newHome();
    const { code, err } = await cli.runWith(
      { input: "x" },
      "login",
      "127.0.0.1:1",
      "--plaintext",
      "--username",
      "a",
    );
    expect(code).toBe(11);
    expect(err).toMatch(/^mooring: server 127\.0\.0\.1:1: does not answer: .*\n {2}check the address/u);
  });

  it("goes by gRPC-Web where that is said, also in ARGOCD_OPTS", async () => {
    const cli = await newHome();
    const env = { ARGOCD_OPTS: "--grpc-web --plaintext --header 'X-Proxy: a b'" };
    const argv = ["login", address, "--username", "admin"];
    expect((await cli.runWith({ env, input: api.password }, ...argv)).code).toBe(0);
    expect(await configOf(cli)).toContain("grpc-web: true");
    expect(await ok(cli, "account", "can-i", "sync", "applications", "*")).toBe("yes\n");
  });

  it("says of a session that has ended how to begin another", async () => {
    const cli = await asAdmin();
    const config = (await configOf(cli)).replace(/auth-token: .+/u, `auth-token: ${api.tokens.expired}`);
    await writeFile(`${cli.home}/.config/argocd/config`, config);
    const { code, err } = await cli.run("app", "list");
    expect(code).toBe(11);
    expect(err).toMatch(/expired.*\n {2}log in again with: mooring relogin --argocd-context/u);
    const again = await cli.runWith({ input: api.password }, "relogin");
    expect(again.code).toBe(0);
    await ok(cli, "app", "list");
  });

  it("ends the session at the server when one logs out", async () => {
    const cli = await asAdmin();
    const token = (await ok(cli, "account", "session-token")).trim();
    expect(await ok(cli, "logout")).toBe(`Logged out from '${address}'\n`);
    expect(await configOf(cli)).not.toContain(token);
    const env = { ARGOCD_AUTH_TOKEN: token };
    expect((await cli.runWith({ env }, "app", "list")).code).toBe(11);
    expect((await cli.run("app", "list")).err).toContain("log in again with: mooring relogin");
  });
});

describe("a certificate that nobody vouches for", () => {
  it("is refused with its fingerprint, and taken when one says so", async () => {
    await using secure = await startApi([], { tls: true });
    const at = secure.baseUrl.replace("https://", "");
    const cli = openHome(await mkdtemp(path.join(secure.directory, "home-")));
    const logIn = (...more: readonly string[]) =>
      cli.runWith({ input: secure.password }, "login", at, "--username", "admin", ...more);
    const refused = await logIn();
    expect(refused.code).toBe(11);
    expect(refused.err).toMatch(
      /its certificate is not trusted \([A-Z_]+\), SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}\n {2}give its authority with --server-crt FILE, or compare the fingerprint and pass --insecure\n$/u,
    );
    // Also when the certificate is not looked at first.
    expect((await logIn("--skip-test-tls")).err).toMatch(/its certificate is not trusted/u);
    expect((await logIn("--insecure")).code).toBe(0);
    expect(await ok(cli, "account", "can-i", "get", "applications", "*")).toBe("yes\n");
    const { err } = await cli.run("app", "list", "--insecure=false");
    expect(err).toContain("compare the fingerprint and pass --insecure");
  });
});

describe("the file of logins", () => {
  it("keeps what argocd wrote into it, and has commands use the context that is chosen", async () => {
    const cli = await asAdmin();
    const theirs = `contexts:
- {name: theirs, server: elsewhere.example.com, user: theirs}
current-context: theirs
prompts-enabled: true
servers:
- {server: elsewhere.example.com, grpc-web-root-path: "", future-field: 7}
users:
- {name: theirs, auth-token: abc, refresh-token: def}
`;
    await writeFile(`${cli.home}/.config/argocd/config`, theirs);
    await cli.runWith(
      { input: api.password },
      "login",
      address,
      "--plaintext",
      "--username",
      "admin",
      "--name",
      "ours",
    );
    const config = await configOf(cli);
    for (const kept of ["prompts-enabled: true", "future-field: 7", "refresh-token: def"])
      expect(config).toContain(kept);
    expect(await ok(cli, "context")).toBe(
      `CURRENT  NAME    SERVER\n         theirs  elsewhere.example.com\n*        ours    ${address}\n`,
    );
    await ok(cli, "app", "list");
    expect(await ok(cli, "context", "theirs")).toBe("Switched to context 'theirs'\n");
    await ok(cli, "app", "list", "--argocd-context", "ours");
    expect(await ok(cli, "context", "ours", "--delete")).toBe("Context 'ours' deleted\n");
    const { code, err } = await cli.run("context", "ours");
    expect({ code, err }).toEqual({
      code: 13,
      err: `mooring: ${cli.home}/.config/argocd/config: has no context "ours"\n  there are theirs\n`,
    });
  });

  it("sends a token to the server that it is of, and to no other", async () => {
    const cli = await asAdmin();
    const token = (await ok(cli, "account", "session-token")).trim();
    const { err } = await cli.run(
      "app",
      "list",
      "--server",
      address.replace("127.0.0.1", "localhost"),
      "--plaintext",
    );
    expect(err).toContain("log in with: mooring login localhost:");
    const env = { ARGOCD_SERVER: address.replace("127.0.0.1", "localhost"), ARGOCD_AUTH_TOKEN: token };
    expect((await cli.runWith({ env }, "app", "list", "--plaintext")).code).toBe(0);
  });

  it("loses no login when many log in at once", async () => {
    const cli = await newHome();
    const names = Array.from({ length: 4 }, (_, index) => `context-${index}`);
    const login = ["login", address, "--plaintext", "--username", "admin", "--name"];
    const done = await Promise.all(names.map((name) => cli.runWith({ input: api.password }, ...login, name)));
    expect(done.map(({ code }) => code)).toEqual(names.map(() => 0));
    const listed = await ok(cli, "context");
    for (const name of names) expect(listed).toContain(name);
  });

  it("is changed although whoever changed it before was killed", async () => {
    const cli = await asAdmin();
    const lock = `${cli.home}/.config/argocd/config.lock`;
    await writeFile(lock, "half a fi");
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    await ok(cli, "login", "--core");
    expect(await configOf(cli)).toContain("core: true");
    await expect(stat(lock)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("that cannot be read is named, without what stands in it", async () => {
    const cli = await asAdmin();
    await writeFile(`${cli.home}/.config/argocd/config`, "users: [secret-token\n");
    const { code, err } = await cli.run("app", "list");
    expect(code).toBe(20);
    expect(err).toContain(`${cli.home}/.config/argocd/config: is no YAML`);
    expect(err).not.toContain("secret-token");
  });
});

describe("applications over the server", () => {
  it("are created, synced, looked at and deleted as on the cluster", async () => {
    const cli = await asAdmin();
    expect(await ok(cli, ...createArgs("shop"))).toBe("application 'shop' created\n");
    expect(await ok(cli, ...createArgs("shop"))).toBe("application 'shop' unchanged\n");
    const other = await cli.run(...createArgs("shop"), "--revision", "other");
    expect(other.err).toContain("exists with another spec");
    expect(await ok(cli, ...createArgs("shop"), "--sync-option", "Validate=false", "--upsert")).toBe(
      "application 'shop' updated\n",
    );
    const diff = await cli.run("app", "diff", "shop", "--refresh");
    expect(diff.code).toBe(1);
    expect(diff.out).toContain("+  greeting: hello");
    expect(await ok(cli, "app", "sync", "shop", "--timeout", "60")).toContain(
      "Phase:              Succeeded",
    );
    await ok(cli, "app", "wait", "shop", "--timeout", "60");
    expect(await ok(cli, "app", "get", "shop")).toContain("ConfigMap  default    settings  Synced");
    expect(await ok(cli, "app", "history", "shop", "-o", "id")).toBe("0\n");
    expect(await ok(cli, "app", "list", "-o", "name")).toBe("argocd/shop\n");
    expect(await ok(cli, "app", "diff", "shop")).toBe("");
    expect(await ok(cli, "app", "manifests", "shop")).toContain("greeting: hello");
    expect(await ok(cli, "app", "resources", "shop")).toContain("settings");
    expect(await ok(cli, "app", "get", "shop", "-o", "tree")).toContain("ConfigMap/settings");
    await ok(cli, "app", "sync", "shop", "--timeout", "60");
    expect(await ok(cli, "app", "rollback", "shop", "0", "--timeout", "60")).toContain("Succeeded");
    const patch = ["--kind", "ConfigMap", "--patch", '{"data": {"greeting": "bye"}}'];
    await ok(cli, "app", "patch-resource", "shop", ...patch);
    const fields = ["--kind", "ConfigMap", "--filter-fields", "data.greeting"];
    expect(await ok(cli, "app", "get-resource", "shop", ...fields)).toBe("data.greeting: bye\n");
    await ok(cli, "app", "set", "shop", "--revision", "main");
    await ok(
      cli,
      "app",
      "patch",
      "shop",
      "--patch",
      '[{"op": "remove", "path": "/spec/source/targetRevision"}]',
    );
    await ok(cli, "app", "delete-resource", "shop", "--kind", "ConfigMap");
    await ok(cli, "app", "delete", "shop", "--yes", "--wait", "--timeout", "60");
    const gone = await cli.run("app", "get", "shop");
    expect({ code: gone.code, err: gone.err }).toEqual({
      code: 13,
      err: `mooring: Application/argocd/shop: does not exist on server ${address}\n  see: mooring app list\n`,
    });
  });

  it("are what the policy lets one see and do, and it says what is missing", async () => {
    const admin = await asAdmin();
    await ok(admin, "proj", "create", "team", "--dest", `${inCluster},default`, "--src", "*");
    await ok(admin, ...createArgs("others"));
    const dev = await withAccount(
      "dev",
      ["get", "create", "sync"].map((action) => `p, dev, applications, ${action}, team/*, allow`).join("\n"),
    );
    await ok(dev, ...createArgs("mine", "team"));
    await ok(dev, "app", "sync", "mine", "--timeout", "60");
    expect(await ok(dev, "app", "list", "-o", "name")).toBe("argocd/mine\n");
    const refusals = [
      await dev.run("app", "get", "others"),
      await dev.run("app", "delete", "mine", "--yes"),
      await dev.run("app", "set", "mine", "--revision", "main"),
      await dev.run(...createArgs("theirs")),
      await dev.run("app", "wait", "others", "--timeout", "5"),
    ];
    expect(refusals.map(({ code, err }) => [code, err.split(address, 2)[1]?.split("\n", 1)[0]])).toEqual([
      [20, ": permission denied: applications, get, ?/others, sub: dev"],
      [20, ": permission denied: applications, delete, team/mine, sub: dev"],
      [20, ": permission denied: applications, update, team/mine, sub: dev"],
      [20, ": permission denied: applications, create, default/theirs, sub: dev"],
      [20, ": permission denied: applications, get, ?/others, sub: dev"],
    ]);
    const token = await ok(dev, "account", "generate-token", "--id", "ci", "--expires-in", "1h");
    const env = { ARGOCD_SERVER: address, ARGOCD_AUTH_TOKEN: token.trim() };
    const ci = await newHome();
    expect((await ci.runWith({ env }, "app", "list", "-o", "name", "--plaintext")).out).toBe("argocd/mine\n");
    await ok(dev, "account", "delete-token", "ci");
    expect((await ci.runWith({ env }, "app", "list", "--plaintext")).code).toBe(11);
  });

  it("have plans, with the digest that the cluster itself is planned by", async () => {
    const cli = await asAdmin();
    await ok(cli, ...createArgs("foreseen"));
    const over = JSON.parse(await ok(cli, "app", "plan", "foreseen", "-o", "json")) as Plan;
    const core = ["--core", "--kubeconfig", api.kubeconfig, "-n", "argocd"];
    const here = JSON.parse(await ok(cli, "app", "plan", "foreseen", "-o", "json", ...core)) as Plan;
    expect(over.digest).toMatch(/^sha256:/u);
    expect(over).toEqual(here);
    expect(await ok(cli, "app", "plan", "foreseen")).toContain(`digest ${over.digest}`);
  });

  it("are not planned from files there, which is said with what to do", async () => {
    const cli = await asAdmin();
    await ok(cli, ...createArgs("planned"));
    for (const argv of [
      ["app", "plan", "planned", "--local", api.directory],
      ["app", "diff", "planned", "--revision", "other"],
    ]) {
      const { err } = await cli.run(...argv);
      expect(err).toContain(`mooring: server ${address}: it does not give `);
      expect(err).toContain("work on the cluster itself with --core");
    }
  });
});

describe("what applications need, over the server", () => {
  it("is listed, added and taken away: repositories, clusters, projects and keys", async () => {
    const cli = await asAdmin();
    expect(await ok(cli, "repo", "add", repoURL, "--name", "app")).toBe(`Repository '${repoURL}' added\n`);
    const [, row = ""] = (await ok(cli, "repo", "list")).split("\n");
    expect(row.split(/ {2,}/u)).toEqual([
      "git",
      "app",
      repoURL,
      "false",
      "false",
      "false",
      "false",
      "Successful",
    ]);
    expect(await ok(cli, "repo", "get", repoURL)).toContain("name: app");
    const again = await cli.run("repo", "add", repoURL, "--name", "other");
    expect(again.err).toMatch(/exists/u);
    expect(await ok(cli, "repo", "rm", repoURL)).toBe(`Repository '${repoURL}' removed\n`);
    expect(await ok(cli, "repo", "list", "-o", "url")).toBe("");
    const dead = await cli.run("repo", "add", "https://127.0.0.1:1/x.git");
    // It is the repository that does not answer, and not the server.
    expect(dead.err).toMatch(/^mooring: server \S+: repository https:\/\/127\.0\.0\.1:1\/x\.git: /u);
    expect(await ok(cli, "cluster", "list", "-o", "server")).toBe(`${inCluster}\n`);
    expect(await ok(cli, "cluster", "list")).toMatch(/in-cluster +1\.37\S* +Successful/u);
    expect(await ok(cli, "cluster", "get", "in-cluster")).toContain(`server: ${inCluster}`);
    expect((await cli.run("cluster", "rm", "nowhere")).code).toBe(13);
    await ok(cli, "proj", "create", "windowed");
    await ok(cli, "proj", "add-source", "windowed", "https://git.example.com/a.git");
    const window = ["--kind", "deny", "--schedule", "* * * * *", "--duration", "1h", "--applications", "*"];
    await ok(cli, "proj", "windows", "add", "windowed", ...window);
    expect(await ok(cli, "proj", "windows", "list", "windowed")).toContain("deny");
    expect(await ok(cli, "proj", "get", "windowed", "-o", "json")).toContain("https://git.example.com/a.git");
    await ok(cli, "proj", "delete", "windowed");
    expect(await ok(cli, "proj", "list", "-o", "name")).not.toContain("windowed");
    expect(await ok(cli, "gpg", "list")).toBe("KEYID  TYPE  IDENTITY\n");
  });
});

describe("working on the cluster beside a login", () => {
  it("is what --core and a kubeconfig are for, and what is done where nobody is logged in", async () => {
    const cli = await asAdmin();
    const there = await cli.run("app", "get", "nobody", "--kubeconfig", api.kubeconfig);
    expect(there.err).toContain("does not exist in context hub");
    const both = await cli.run("app", "list", "--core", "--server", address);
    expect(both.err).toContain("flags --server and --argocd-context ask an API server");
    const nobody = await newHome();
    const env = { KUBECONFIG: api.kubeconfig };
    expect((await nobody.runWith({ env }, "app", "get", "nobody")).err).toContain("in context hub");
    expect((await nobody.run("account", "list")).err).toContain("log in with mooring login SERVER");
  });

  it("is kept by login --core for every command that follows", async () => {
    const cli = await asAdmin();
    expect(await ok(cli, "login", "--core")).toBe("Context 'kubernetes' updated\n");
    const env = { KUBECONFIG: api.kubeconfig };
    expect((await cli.runWith({ env }, "app", "get", "nobody")).err).toContain("in context hub");
    await ok(cli, "app", "list", "--argocd-context", address);
  });
});
