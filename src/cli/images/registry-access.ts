import path from "node:path";
import { imageKey } from "#core/images/index.ts";
import type { RegistryAccess, RegistryCredentials } from "#core/repo/index.ts";
import { readDockerLogins } from "#engine/images/docker-logins.ts";
import type { Flags, FlagValues } from "../command.ts";
import type { CliPorts } from "../ports.ts";
import { readIfThere } from "../read-text.ts";

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

/** With the logins of `docker login`, each for its host. Throws CONFIG_INVALID when their file is no JSON. */
export async function openRegistryAccess(given: RegistryValues, ports: CliPorts): Promise<AccessTo> {
  const logins = await openDockerLogins(ports);
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
async function openDockerLogins(ports: CliPorts): Promise<Logins> {
  const { env } = ports;
  const home = env["HOME"];
  const directory = env["DOCKER_CONFIG"] ?? (home === undefined ? undefined : path.join(home, ".docker"));
  // Without a home there are none: what lies in the current directory is whoever's repository it is.
  if (directory === undefined) return () => ({ kind: "none" });
  const file = path.join(directory, "config.json");
  const text = (await readIfThere(file, ports)) ?? "{}";
  const logins = readDockerLogins(text, `file ${file}`);
  return (host) => logins(host) ?? { kind: "none" };
}
