import type { RegistryOptions } from "#registry/index.ts";

/** What the environment says about chart repositories: proxies, and hosts that may be at internal addresses (comma-separated). */
export function registrySettings(
  env: Readonly<Record<string, string | undefined>>,
): Required<Pick<RegistryOptions, "environment" | "internalHosts">> {
  const hosts = (env["MOORING_REGISTRY_INTERNAL_HOSTS"] ?? "").split(",").map((host) => host.trim());
  return { environment: env, internalHosts: hosts.filter((host) => host !== "") };
}
