import path from "node:path";
import { imageKey } from "#core/images/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";
import type { RegistryAccess, RegistryCredentials } from "#core/repo/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewObject, viewPath, viewString } from "#core/object/index.ts";
import type { Flags, FlagValues } from "../command.ts";
import type { CliPorts } from "../ports.ts";
import { readIfThere } from "../read-text.ts";
import { usageError } from "../usage-error.ts";

export const registryFlags = {
  "insecure-skip-server-verification": {
    type: "boolean",
    description: "Check neither certificate nor host key",
  },
  "insecure-oci-force-http": { type: "boolean", description: "Speak to registries without TLS" },
} as const satisfies Flags;

type RegistryValues = FlagValues<typeof registryFlags>;

/** How the registries of images are reached, by the name of an image. */
export type AccessTo = (name: string) => RegistryAccess;

/** With the logins of `docker login`, each for its host. Throws CLI_USAGE when their file cannot be read. */
export async function openRegistryAccess(given: RegistryValues, ports: CliPorts): Promise<AccessTo> {
  const logins = await readDockerLogins(ports);
  return (name) => {
    const key = imageKey(name);
    return {
      kind: "oci",
      url: `oci://${key}`,
      credentials: logins(key.slice(0, key.indexOf("/"))),
      insecureSkipVerify: given["insecure-skip-server-verification"] === true,
      passCredentials: false,
      forceHttp: given["insecure-oci-force-http"] === true,
      mayBeInternal: true,
    };
  };
}

type Logins = (host: string) => RegistryCredentials;

/** Of `config.json` in DOCKER_CONFIG, or ~/.docker. */
async function readDockerLogins(ports: CliPorts): Promise<Logins> {
  const { env } = ports;
  const home = env["HOME"];
  const directory = env["DOCKER_CONFIG"] ?? (home === undefined ? undefined : path.join(home, ".docker"));
  // Without a home there are none: what lies in the current directory is whoever's repository it is.
  if (directory === undefined) return () => ({ kind: "none" });
  const file = path.join(directory, "config.json");
  const text = (await readIfThere(file, ports)) ?? "{}";
  const auths = viewObject(parseJson(text, file), "auths");
  return (host) => {
    const names =
      host === "docker.io" ? ["https://index.docker.io/v1/", "docker.io"] : [host, `https://${host}`];
    const entry = names.map((name) => auths[name]).find((each) => each !== undefined);
    return credentialsIn(entry);
  };
}

function parseJson(text: string, file: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // What JSON.parse says quotes the text, which holds passwords.
    throw usageError(`file ${file}: is no JSON; correct it, or log in again with docker login`);
  }
}

function credentialsIn(entry: JsonValue | undefined): RegistryCredentials {
  const auth = viewString(entry, "auth");
  const pair = auth === undefined ? undefined : decodeBase64Text(auth);
  const colon = pair?.indexOf(":") ?? -1;
  if (pair !== undefined && colon >= 0) {
    return { kind: "basic", username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  }
  const [username, password] = [viewString(entry, "username"), viewPath(entry, "password")];
  if (username === undefined || typeof password !== "string") return { kind: "none" };
  return { kind: "basic", username, password };
}
