import { readFile, stat } from "node:fs/promises";
import { messageOf, MooringError } from "#core/errors/index.ts";
import type { RegistryOptions } from "#registry/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const maxKeyringBytes = 4 * 1024 * 1024;

/**
 * What the environment says about chart repositories: proxies, hosts that may be at internal addresses (comma-separated), and how charts are
 * verified: the file with the public keys of those who may sign them, and whether charts without a signature are refused. Throws
 * CONFIG_INVALID with the variable's name.
 */
export async function registrySettings(
  env: Environment,
): Promise<Pick<RegistryOptions, "environment" | "internalHosts" | "provenance">> {
  const hosts = (env["MOORING_REGISTRY_INTERNAL_HOSTS"] ?? "").split(",").map((host) => host.trim());
  const provenance = await provenanceSettings(env);
  return {
    environment: env,
    internalHosts: hosts.filter((host) => host !== ""),
    ...(provenance === undefined ? {} : { provenance }),
  };
}

async function provenanceSettings(env: Environment): Promise<RegistryOptions["provenance"]> {
  const { MOORING_CHART_KEYRING: path = "", MOORING_CHART_PROVENANCE: wanted = "" } = env;
  if (!["", "optional", "required"].includes(wanted)) {
    throw invalid(`MOORING_CHART_PROVENANCE: ${wanted} is unknown; write required or optional`);
  }
  if (path === "") {
    if (wanted === "") return undefined;
    throw invalid(
      `MOORING_CHART_PROVENANCE is ${wanted}, but there are no keys to verify with; name their file in MOORING_CHART_KEYRING`,
    );
  }
  return { keyring: await readKeyring(path), required: wanted === "required" };
}

async function readKeyring(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= maxKeyringBytes) return await readFile(path);
  } catch (error) {
    throw invalid(`MOORING_CHART_KEYRING: ${path} cannot be read: ${messageOf(error)}`);
  }
  throw invalid(`MOORING_CHART_KEYRING: ${path} is larger than ${maxKeyringBytes} bytes; it is no keyring`);
}

function invalid(text: string): MooringError {
  return new MooringError("CONFIG_INVALID", text);
}
