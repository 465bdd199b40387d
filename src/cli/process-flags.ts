import type { LogLevel } from "#runtime/log.ts";

/** Flags of whatever runs until it is stopped. */
export const processFlags = {
  namespace: { type: "string", value: "NAME", description: "Control-plane namespace, as -n" },
  logformat: { type: "string", choices: ["text", "json"], description: "Format of log lines" },
} as const;

/** Flags of whatever serves the API. */
export const serveFlags = {
  "trusted-proxies": {
    type: "strings",
    value: "CIDR",
    description:
      "Proxies whose X-Forwarded-For says where a client is, also several between commas; MOORING_TRUSTED_PROXIES, else none",
  },
  "max-streams-per-user": {
    type: "integer",
    description: "Watches, logs and event streams that one user may have open; 200",
  },
  rootpath: {
    type: "string",
    value: "PATH",
    description: "Serve below this path, such as /mooring, behind a proxy; ARGOCD_SERVER_ROOTPATH, else /",
  },
  basehref: {
    type: "string",
    value: "PATH",
    description:
      "Where browsers find the UI when a proxy takes the path away; ARGOCD_SERVER_BASEHREF, else as --rootpath",
  },
} as const;

interface ServeFlagValues {
  readonly "trusted-proxies": readonly string[];
  readonly "max-streams-per-user"?: number | undefined;
  readonly rootpath?: string | undefined;
  readonly basehref?: string | undefined;
}

/** What these flags and the environment say. */
export function serveLimitsOf(flags: ServeFlagValues, env: Readonly<Record<string, string | undefined>>) {
  return {
    trustedProxies: listOf(flags["trusted-proxies"]) ?? listOf([env["MOORING_TRUSTED_PROXIES"] ?? ""]),
    maxStreamsPerUser: flags["max-streams-per-user"],
    rootPath: flags.rootpath ?? env["ARGOCD_SERVER_ROOTPATH"],
    baseHref: flags.basehref ?? env["ARGOCD_SERVER_BASEHREF"],
  };
}

/** Names, globs or ranges, each given by itself or several between commas; undefined for none. */
export function listOf(given: readonly string[]): readonly string[] | undefined {
  const names = given
    .flatMap((text) => text.split(",").map((name) => name.trim()))
    .filter((name) => name !== "");
  return names.length === 0 ? undefined : names;
}

/** The flag takes no other value. */
export function logLevelOf(flag: string | undefined): LogLevel | undefined {
  return flag as LogLevel | undefined;
}

export function logFormatOf(flag: string | undefined): "text" | "json" | undefined {
  return flag === "json" || flag === "text" ? flag : undefined;
}
