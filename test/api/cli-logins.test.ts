import { once } from "node:events";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { CliPorts } from "#cli/ports.ts";
import { MooringError } from "#core/errors/index.ts";
import { createCliPorts } from "#main/cli-ports.ts";
import type { HomeCli } from "./run-cli.ts";
import { openHome } from "./run-cli.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const { signal } = new AbortController();
const inCluster = "https://kubernetes.default.svc";

let api: RunningApi;
let address: string;

beforeAll(async () => {
  api = await startApi([]);
  address = api.baseUrl.replace("http://", "");
});

afterAll(async () => await api[Symbol.asyncDispose]());

async function newHome(): Promise<HomeCli> {
  return openHome(await mkdtemp(path.join(api.directory, "home-")));
}

async function ok(cli: HomeCli, ...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await cli.run(...argv);
  if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}: ${err}`);
  return out;
}

async function asAdmin(...more: readonly string[]): Promise<HomeCli> {
  const cli = await newHome();
  const login = ["login", address, "--plaintext", "--username", "admin", ...more];
  const { code, err } = await cli.runWith({ input: `${api.password}\n` }, ...login);
  if (code !== 0) throw new Error(err);
  return cli;
}

async function configOf({ home }: HomeCli): Promise<string> {
  return await readFile(`${home}/.config/argocd/config`, "utf8");
}

/** Somebody at a terminal who answers no to whatever is asked; the questions. */
function refusing(): { readonly questions: string[]; readonly stdin: CliPorts["stdin"] } {
  const questions: string[] = [];
  return {
    questions,
    stdin: {
      isTTY: true,
      readLine: (question) => {
        questions.push(question);
        return Promise.resolve("n");
      },
      readAll: () => Promise.resolve(""),
      readChunks: async function* () {
        yield await Promise.resolve("");
      },
    },
  };
}

describe("a command of somebody who forgot the login that counted", () => {
  it("does not turn to the kubeconfig's cluster by itself, but says what can be chosen", async () => {
    const cli = await asAdmin("--name", "first");
    await ok(cli, "login", "--core");
    await ok(cli, "context", "first");
    const env = { KUBECONFIG: api.kubeconfig };
    const forget = async (name: string) => await cli.runWith({ env }, "context", name, "--delete");
    const list = async (...more: readonly string[]) => await cli.runWith({ env }, "app", "list", ...more);
    expect((await forget("first")).err).toBe(
      "no login is chosen now; choose one with: mooring context NAME, or work on the kubeconfig's cluster with: mooring login --core\n",
    );
    const file = `${cli.home}/.config/argocd/config`;
    expect(await list()).toEqual({
      code: 13,
      out: "",
      err: `mooring: ${file}: no login is chosen\n  choose one with mooring context NAME (there is kubernetes), or work on the kubeconfig's cluster with --core (from now on: mooring login --core)\n`,
    });
    expect((await cli.runWith({ env }, "app", "delete", "web", "--yes")).code).toBe(13);
    expect((await list("--core")).code).toBe(0);
    expect((await cli.runWith({ env }, "context", "kubernetes")).code).toBe(0);
    expect((await list()).code).toBe(0);
    // The last of all, too: nothing is left, but that somebody was logged in is not forgotten.
    await forget("kubernetes");
    expect((await list()).err).toContain(
      "no login is chosen\n  log in with mooring login SERVER, or work on",
    );
    await ok(cli, "login", "--core");
    expect((await list()).code).toBe(0);
  });

  it("goes on asking the server after a logout", async () => {
    const cli = await asAdmin();
    await ok(cli, "logout");
    const { code, err } = await cli.runWith({ env: { KUBECONFIG: api.kubeconfig } }, "app", "list");
    expect({ code, err: err.split("\n")[1] }).toEqual({
      code: 11,
      err: `  log in again with: mooring relogin --argocd-context ${address}`,
    });
  });
});

describe("a question before something is deleted", () => {
  it("names the server or the kubeconfig's context where that would happen", async () => {
    const cli = await asAdmin();
    const source = ["--repo", "https://git.example.com/a.git", "--path", ".", "--dest-server", inCluster];
    await ok(cli, "app", "create", "asked", ...source, "--dest-namespace", "default");
    const core = ["--core", "--kubeconfig", api.kubeconfig];
    const { questions, stdin } = refusing();
    for (const where of [[], core]) {
      await cli.runWith({ ports: { stdin } }, "app", "delete", "asked", ...where);
      await cli.runWith(
        { ports: { stdin } },
        ..."proj source-integrity git policies delete default 0".split(" "),
        ...where,
      );
    }
    await cli.runWith({ ports: { stdin } }, "cluster", "rm", "in-cluster");
    expect(questions).toEqual([
      `Delete asked on server ${address} and all its objects? [y/N] `,
      `Delete policy 0 of project default on server ${address}? [y/N] `,
      "Delete asked in context hub and all its objects? [y/N] ",
      "Delete policy 0 of project default in context hub? [y/N] ",
      `Remove cluster in-cluster (${inCluster}) on server ${address}? [y/N] `,
    ]);
    expect(await ok(cli, "app", "list", "-o", "name")).toBe("argocd/asked\n");
  });
});

describe("what a server tells", () => {
  it("shows what would act on the terminal of whoever looks, and does nothing", async () => {
    const cli = await asAdmin();
    const hostile = "\u001B]0;mine\u0007\u202Eapp\u009B2J";
    const source = ["--repo", "https://git.example.com/a.git", "--path", hostile];
    const to = ["--dest-server", inCluster, "--dest-namespace", "default"];
    await ok(cli, "app", "create", "hostile", ...source, ...to);
    const shown = [await ok(cli, "app", "list", "-o", "wide"), await ok(cli, "app", "get", "hostile")];
    for (const text of shown) expect(text).toContain("?]0;mine??app?2J");
    const refused = await cli.run("app", "get", "hostile\u001B[2J");
    expect(refused.err).toContain("hostile?[2J");
    // oxlint-disable-next-line no-control-regex
    expect([...shown, refused.err].join("")).not.toMatch(/[\u001B\u0007\u202E\u009B]/u);
    const json = JSON.parse(await ok(cli, "app", "get", "hostile", "-o", "json")) as {
      readonly spec: { readonly source: { readonly path: string } };
    };
    expect(json.spec.source.path).toBe(hostile);
  });
});

describe("logging in again", () => {
  it("after a logout is as the same account, whose name is kept", async () => {
    const cli = await asAdmin();
    await ok(cli, "logout");
    await ok(cli, "logout");
    expect(await configOf(cli)).toContain("logged-out: admin");
    const { code, out } = await cli.runWith({ input: api.password }, "relogin");
    expect({ code, out }).toEqual({
      code: 0,
      out: `'admin' logged in successfully\nContext '${address}' updated\n`,
    });
    expect(await configOf(cli)).not.toContain("logged-out");
    await ok(cli, "app", "list");
  });

  it("says that it did only when the login is kept", async () => {
    const cli = await asAdmin();
    const full = () => Promise.reject(new MooringError("CONFIG_INVALID", "the file: cannot be written"));
    const logins = { ...createCliPorts({ signal, env: {} }).logins, change: full };
    for (const argv of [["login", address, "--plaintext", "--username", "admin"], ["relogin"]]) {
      const { code, out } = await cli.runWith({ input: api.password, ports: { logins } }, ...argv);
      expect({ code, out }).toEqual({ code: 20, out: "" });
    }
  });
});

describe("the address of a server", () => {
  it("may be written as a browser shows it", async () => {
    const cli = await newHome();
    const login = async (server: string) =>
      await cli.runWith({ input: api.password }, "login", server, "--username", "admin");
    expect(await login(`http://${address}/`)).toMatchObject({ code: 0 });
    expect(await configOf(cli)).toContain(`- name: ${address}\n  server: ${address}\n`);
    const env = { ARGOCD_SERVER: `http://${address}` };
    expect((await cli.runWith({ env }, "app", "list")).code).toBe(0);
    expect((await login(`https://${address}`)).err).toContain(`server ${address}: has no TLS`);
    expect((await login("https://a.example.com/applications?x=1")).err).toBe(
      'mooring: server "https://a.example.com/applications?x=1": is no address\n  write a.example.com, with --grpc-web-root-path applications if the server itself is below that path\n',
    );
  });
});

describe("what cannot be sent or is no API server", () => {
  it("is a token that no header can carry, of which it is said where it came from", async () => {
    const cli = await asAdmin();
    const env = { ARGOCD_AUTH_TOKEN: "abc\u2026def" };
    for (const way of [[], ["--grpc-web"]]) {
      expect(await cli.runWith({ env }, "app", "list", ...way)).toEqual({
        code: 11,
        out: "",
        err: `mooring: server ${address}: the token has a character at place 4 that no token has, so that it cannot be sent\n  give another token in ARGOCD_AUTH_TOKEN or --auth-token\n`,
      });
    }
    const header = await cli.run("app", "list", "--header", "X-Proxy: se\u2026cret");
    expect(header.err).toBe(
      "mooring: flag --header: the value of X-Proxy has characters that no header can carry\n",
    );
  });

  it("is a web page, of which it is said what it was and what to try", async () => {
    const cli = await newHome();
    let answer: readonly [number, Readonly<Record<string, string>>] = [200, {}];
    const web = createServer((_request, response) => void response.writeHead(...answer).end("<html>"));
    web.listen(0, "127.0.0.1");
    await once(web, "listening");
    onTestFinished(() => {
      web.closeAllConnections();
      web.close();
    });
    const at = `127.0.0.1:${(web.address() as AddressInfo).port}`;
    const env = { ARGOCD_AUTH_TOKEN: "token" };
    const ask = async (...way: readonly string[]) =>
      await cli.runWith({ env }, "app", "list", "--server", at, "--plaintext", ...way);
    const html = { "content-type": "text/html; charset=utf-8" };
    answer = [200, html];
    expect(await ask("--grpc-web")).toEqual({
      code: 12,
      out: "",
      err: `mooring: server ${at}: no API server answers there by gRPC-Web, but HTTP 200 with text/html\n  check the address, --grpc-web-root-path where the server is below a path, and --header where a proxy asks for one\n`,
    });
    answer = [302, { ...html, location: "https://sso.example.com/login?state=secret" }];
    const moved = await ask("--grpc-web");
    expect(moved.err).toContain("but HTTP 302 with text/html, which leads to https://sso.example.com\n");
    answer = [502, html];
    expect(await ask("--grpc-web")).toMatchObject({ code: 11, err: expect.stringContaining("HTTP 502") });
    expect(await ask()).toEqual({
      code: 12,
      out: "",
      err: `mooring: server ${at}: no API server answers there by gRPC, but no HTTP/2\n  check the address, pass --grpc-web where a proxy does not pass gRPC on, or --grpc-web-root-path where the server is below a path\n`,
    });
  });
});

describe("a sync of local files", () => {
  it("is not done over a server, which is said with what to do", async () => {
    const cli = await asAdmin();
    const source = ["--repo", "https://git.example.com/a.git", "--path", ".", "--dest-server", inCluster];
    await ok(cli, "app", "create", "local", ...source, "--dest-namespace", "default");
    const { code, err } = await cli.run("app", "sync", "local", "--local", cli.home);
    expect({ code, err }).toEqual({
      code: 20,
      err: `mooring: server ${address}: it does not give the settings that files of this machine (--local) are rendered with, which this needs\n  work on the cluster itself with --core (and --kubeconfig FILE)\n`,
    });
  });
});
