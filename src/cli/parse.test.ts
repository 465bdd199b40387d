import { describe, expect, it } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import { defineCommand, oneApp } from "./command.ts";
import { findCommand } from "./find-command.ts";
import { formatCommandHelp } from "./help.ts";
import { parseInvocation } from "./parse.ts";
import { root } from "./registry/index.ts";

const command = defineCommand({
  name: "app try",
  summary: "Try something",
  args: oneApp,
  flags: {
    output: { type: "string", short: "o", choices: ["json", "yaml"], description: "Output format" },
    label: { type: "strings", short: "l", value: "KEY=VALUE", description: "Label" },
    prune: { type: "boolean", description: "Delete what left Git" },
    timeout: { type: "integer", value: "SECONDS", description: "Give up after this long" },
  },
  run: () => Promise.resolve(0),
});

function parsed(...argv: readonly string[]): unknown {
  const { args, flags } = parseInvocation(command, argv);
  const given = Object.entries(flags).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return { args, ...Object.fromEntries(given) };
}

function failure(work: () => unknown): string {
  try {
    return JSON.stringify(work());
  } catch (error) {
    return messageOf(error);
  }
}

describe("parsing a command line", () => {
  it("reads values with a space, with an equals sign and right after a short flag", () => {
    expect(parsed("web", "-o", "json", "--label=a=b", "-lc=d", "--timeout", "5")).toEqual({
      args: ["web"],
      output: "json",
      label: ["a=b", "c=d"],
      timeout: 5,
    });
  });

  it("reads boolean flags with and without a value", () => {
    expect([
      parsed("web", "--prune"),
      parsed("web", "--prune=false"),
      parsed("web", "--prune", "--prune=0"),
    ]).toEqual([
      { args: ["web"], prune: true },
      { args: ["web"], prune: false },
      { args: ["web"], prune: false },
    ]);
  });

  it("takes what follows a double dash for an argument", () => {
    expect(parsed("--", "--web")).toEqual({ args: ["--web"] });
  });

  it.each([
    [["web", "--prun"], "app try: unknown flag --prun; did you mean --prune?"],
    [["web", "--zzzzzz"], "app try: unknown flag --zzzzzz; see: mooring app try --help"],
    [["web", "-x"], "app try: unknown flag -x; see: mooring app try --help"],
    [["web", "-o", "xml"], 'flag --output: "xml" is not possible; use json, yaml'],
    [["web", "-o"], "flag -o needs a value; write -o VALUE"],
    [["web", "--timeout", "soon"], 'flag --timeout: "soon" is no whole number'],
    [["web", "--prune=maybe"], 'flag --prune: "maybe" is neither true nor false'],
    [[], "app try needs APPNAME; write: mooring app try APPNAME"],
    [["web", "db"], 'app try does not take "db"; write: mooring app try APPNAME'],
  ])("refuses %j", (argv, message) => {
    expect(failure(() => parsed(...argv))).toBe(message);
  });

  it("gives help without the arguments that the command needs", () => {
    expect(parsed("-h")).toEqual({ args: [], help: true });
  });
});

describe("finding a command", () => {
  it("skips global flags and their values before the command's words", () => {
    const { path, rest } = findCommand(root, [
      "--context",
      "hub",
      "app",
      "-n",
      "argocd",
      "list",
      "-o",
      "name",
    ]);
    expect({ path, rest }).toEqual({
      path: ["app", "list"],
      rest: ["--context", "hub", "-n", "argocd", "-o", "name"],
    });
  });

  it("names the command that was meant", () => {
    expect(failure(() => findCommand(root, ["app", "snyc"]))).toBe(
      "app snyc: unknown command; did you mean: mooring app sync?",
    );
    expect(failure(() => findCommand(root, ["deploy"]))).toBe("deploy: unknown command; see: mooring --help");
  });
});

describe("help", () => {
  it("lists arguments and flags with what they mean", () => {
    expect(formatCommandHelp(command)).toMatchInlineSnapshot(`
      "Try something

      Usage:
        mooring app try APPNAME [flags]

      Flags:
        -l, --label KEY=VALUE   Label (repeatable)
        -o, --output json|yaml  Output format
            --prune             Delete what left Git
            --timeout SECONDS   Give up after this long

      Flags of every command:
            --argocd-context NAME             Login to use; see: mooring context
            --auth-token TOKEN                Token to ask with; better ARGOCD_AUTH_TOKEN, which others on this machine cannot see
            --client-crt FILE                 Your own certificate for the API server
            --client-crt-key FILE             Key of --client-crt
            --color auto|always|never         Colours: auto, always or never
            --config FILE                     File of logins; ~/.config/argocd/config by default, shared with argocd
            --context NAME                    Kubeconfig context that leads to the control plane's cluster
        -n, --control-plane-namespace NAME    Namespace of Applications, projects and settings; ARGOCD_NAMESPACE, then argocd by default
            --core                            Work on the cluster itself, whatever server you are logged in to
            --grpc-web                        Reach the API server by gRPC-Web, as some proxies need it
            --grpc-web-root-path PATH         Where the API server is below a proxy's address; goes by gRPC-Web
        -H, --header NAME: VALUE              Header to send to the API server, such as a proxy asks for (repeatable)
        -h, --help                            Show help
            --insecure                        Take any certificate of the API server
            --kubeconfig FILE                 Kubeconfig file; KUBECONFIG, then ~/.kube/config by default
            --loglevel debug|info|warn|error  Most detailed messages to show; debug adds the causes of errors
            --plaintext                       Reach the API server without TLS
            --server HOST:PORT                API server to ask; ARGOCD_SERVER, then the one that you are logged in to
            --server-crt FILE                 Authority of the API server's certificate
      "
    `);
  });
});
