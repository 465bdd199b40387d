import { parseArgs } from "node:util";
import type { FlagSpec, Invocation } from "../command.ts";
import type { CliPorts } from "../ports.ts";
import { serverFlags } from "./flags.ts";
import { parseAddress } from "./parse-address.ts";

/** The flags that say where to go, with what ARGOCD_OPTS and the environment say put under them. */
export interface ServerOptions {
  readonly core: boolean;
  readonly server: string | undefined;
  readonly authToken: string | undefined;
  readonly config: string | undefined;
  readonly context: string | undefined;
  readonly insecure: boolean | undefined;
  readonly plaintext: boolean | undefined;
  readonly grpcWeb: boolean | undefined;
  readonly rootPath: string | undefined;
  readonly serverCertificate: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly headers: readonly string[];
}

export function readServerOptions(
  { flags }: Pick<Invocation, "flags">,
  { env }: Pick<CliPorts, "env">,
): ServerOptions {
  const opts = parseOpts(env["ARGOCD_OPTS"] ?? "");
  const text = (name: keyof typeof serverFlags, variable?: string): string | undefined => {
    const given = [
      flags[name] as string | undefined,
      opts.get(name)?.at(-1),
      variable === undefined ? "" : env[variable],
    ];
    return given.find((one) => one !== undefined && one !== "");
  };
  const yes = (name: keyof typeof serverFlags | "core"): boolean | undefined => {
    const given = opts.get(name)?.at(-1);
    return (flags[name] as boolean | undefined) ?? (given === undefined ? undefined : given !== "false");
  };
  const named = parseAddress(text("server", "ARGOCD_SERVER"));
  return {
    core: yes("core") === true,
    server: named.address,
    authToken: text("auth-token", "ARGOCD_AUTH_TOKEN"),
    config: text("config"),
    context: text("argocd-context"),
    insecure: yes("insecure"),
    plaintext: yes("plaintext") ?? named.plaintext,
    grpcWeb: yes("grpc-web"),
    rootPath: text("grpc-web-root-path"),
    serverCertificate: text("server-crt"),
    clientCertificate: text("client-crt"),
    clientKey: text("client-crt-key"),
    headers: [...(opts.get("header") ?? []), ...flags.header],
  };
}

/** Flags as somebody keeps them in the environment: `--grpc-web --header 'name: value'`. Those of other commands are left alone. */
function parseOpts(text: string): ReadonlyMap<string, readonly string[]> {
  const specs: Readonly<Record<string, FlagSpec>> = {
    ...serverFlags,
    core: { type: "boolean", description: "" },
  };
  const { tokens } = parseArgs({
    args: wordsOf(text),
    options: Object.fromEntries(
      Object.entries(specs).map(([name, { type, short }]) => [
        name,
        {
          type: type === "boolean" ? "boolean" : "string",
          multiple: true,
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option" || !Object.hasOwn(specs, token.name)) continue;
    values.set(token.name, [...(values.get(token.name) ?? []), token.value ?? "true"]);
  }
  return values;
}

/** Words as a shell would make them of a line with quotes. */
function wordsOf(text: string): string[] {
  const words = text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/gu);
  return [...words].map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/gu, "$1$2"));
}
