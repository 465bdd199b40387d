import { MooringError } from "#core/errors/index.ts";

const variable = "ARGOCD_SERVER_DEX_SERVER";

/**
 * Where the Dex beside the server listens, from `ARGOCD_SERVER_DEX_SERVER`; undefined for none. As in Argo CD a mere host has TLS unless
 * `ARGOCD_SERVER_DEX_SERVER_PLAINTEXT` is true. Throws CONFIG_INVALID for what is no address.
 */
export function readDexServer(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const text = env[variable] ?? "";
  if (text === "") return undefined;
  const scheme = env[`${variable}_PLAINTEXT`] === "true" ? "http" : "https";
  const address = URL.parse(/^[a-z+]+:\/\//u.test(text) ? text : `${scheme}://${text}`);
  const isServer = address !== null && /^https?:$/u.test(address.protocol) && address.pathname === "/";
  if (isServer && address.username === "" && address.search === "") return address.origin;
  throw new MooringError(
    "CONFIG_INVALID",
    `${variable} is ${JSON.stringify(text)}; write where Dex listens, such as http://argocd-dex-server:5556`,
  );
}
