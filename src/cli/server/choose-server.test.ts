import { describe, expect, it } from "vitest";
import type { Command } from "../command.ts";
import { noArgs } from "../command.ts";
import { parseInvocation } from "../parse.ts";
import { createTestPorts } from "../testing.ts";
import { chooseServer } from "./choose-server.ts";

const command: Command = { name: "try", summary: "", args: noArgs, flags: {}, run: () => Promise.resolve(0) };

const logins = `contexts:
- {name: prod, server: prod.example.com, user: prod}
- {name: test, server: test.example.com, user: test}
- {name: core, server: kubernetes, user: core}
current-context: prod
servers:
- {server: prod.example.com, grpc-web: true, grpc-web-root-path: /argo/}
- {server: test.example.com, insecure: true, grpc-web-root-path: ""}
- {server: kubernetes, core: true}
users:
- {name: prod, auth-token: token-of-prod}
- {name: test, auth-token: token-of-test}
- {name: core}
`;

/** What is asked: the server, whether without TLS, and with which token; undefined for the cluster. */
async function chosen(line: string, env: Readonly<Record<string, string>> = {}, text = logins) {
  const ports = {
    ...createTestPorts(),
    env: { HOME: "/home/ada", ...env },
    logins: {
      read: (path: string) => Promise.resolve(path === "/home/ada/.config/argocd/config" ? text : undefined),
      change: () => Promise.reject(new Error("nothing is changed here")),
      exclusively: () => Promise.reject(new Error("nothing is renewed here")),
    },
  };
  const choice = await chooseServer(parseInvocation(command, line === "" ? [] : line.split(" ")), ports);
  if (choice === undefined) return undefined;
  const { address, token, plaintext, insecure, grpcWeb, rootPath, headers } = choice.connection;
  const flags = { plaintext, insecure, grpcWeb };
  const on = Object.entries(flags).flatMap(([name, value]) => (value ? [name] : []));
  const more = headers.map(([name, value]) => `${name}=${value}`);
  return [address, token ?? "no token", ...on, ...(rootPath === "" ? [] : [rootPath]), ...more].join(" ");
}

describe("which server is asked", () => {
  it("is the current login's, one that is named, or none", async () => {
    expect(await chosen("")).toBe("prod.example.com token-of-prod grpcWeb argo");
    expect(await chosen("--argocd-context test")).toBe("test.example.com token-of-test insecure");
    expect(await chosen("--server test.example.com")).toBe("test.example.com token-of-test insecure");
    expect(await chosen("--server other.example.com --plaintext")).toBe(
      "other.example.com no token plaintext",
    );
    expect(await chosen("--argocd-context core")).toBeUndefined();
    expect(await chosen("", {}, "")).toBeUndefined();
    for (const line of ["--core", "--kubeconfig file", "--context kind"])
      expect(await chosen(line)).toBeUndefined();
  });

  it("is said by the environment, and by flags before that", async () => {
    const env = { ARGOCD_SERVER: "ci.example.com", ARGOCD_AUTH_TOKEN: "token-of-ci" };
    expect(await chosen("", env)).toBe("ci.example.com token-of-ci");
    expect(await chosen("--server test.example.com", env)).toBe("test.example.com token-of-ci insecure");
    const opts = `--plaintext --server 'a.example.com' --header "X-A: b c" --unknown x -H X-D:e`;
    expect(await chosen("", { ARGOCD_OPTS: opts })).toBe("a.example.com no token plaintext X-A=b c X-D=e");
    expect(await chosen("--plaintext=false", { ARGOCD_OPTS: opts })).not.toContain("plaintext");
    expect(await chosen("", { ARGOCD_OPTS: "--core" })).toBeUndefined();
    expect(await chosen("", { HOME: "/home/eve" })).toBeUndefined();
  });

  it("is refused where two are asked, and where a login is not there", async () => {
    await expect(chosen("--core --server a")).rejects.toMatchObject({ code: "CLI_USAGE" });
    await expect(chosen("--argocd-context nowhere")).rejects.toThrow("there are prod, test, core");
    await expect(chosen("--header secret")).rejects.toThrow(/^flag --header: one of them is no header/u);
    await expect(chosen("", {}, "[]")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    const torn = logins.replace(
      "- {server: prod.example.com, grpc-web: true, grpc-web-root-path: /argo/}\n",
      "",
    );
    await expect(chosen("", {}, torn)).rejects.toThrow("mooring login prod.example.com --name prod");
  });
});
