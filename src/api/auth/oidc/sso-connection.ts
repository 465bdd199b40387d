import { authSecretName, type AuthSettings } from "#core/accounts/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { canonicalJson, type JsonObject } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Egress } from "./egress.ts";
import { createEgress } from "./egress.ts";
import { OidcProvider } from "./provider.ts";
import { resolveSso } from "./resolve-sso.ts";
import { UserInfo } from "./user-info.ts";

export interface SsoOptions {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the Dex beside the server listens, such as `http://argocd-dex-server:5556`; undefined when there is none. */
  readonly dexServer: string | undefined;
  readonly readClientAssertion: () => Promise<string>;
  readonly signal: AbortSignal;
}

export interface ConnectedSso {
  readonly provider: OidcProvider;
  /** Undefined when groups stand in ID tokens. */
  readonly userInfo: UserInfo | undefined;
}

/** The provider of the settings as they are; connected anew when what they say of it changes. */
export class SsoConnection implements Disposable {
  readonly #options: SsoOptions;
  #connected: (ConnectedSso & { readonly key: string; readonly egress: Egress & Disposable }) | undefined;

  constructor(options: SsoOptions) {
    this.#options = options;
  }

  [Symbol.dispose](): void {
    this.#connected?.egress[Symbol.dispose]();
  }

  /** Undefined when people cannot log in by SSO. Throws CONFIG_INVALID when they should and nobody said where Dex is. */
  connect(settings: AuthSettings): ConnectedSso | undefined {
    const sso = resolveSso(settings);
    if (sso === undefined) return undefined;
    const key = canonicalJson({ ...sso, userInfo: sso.userInfo } as unknown as JsonObject);
    if (this.#connected?.key === key) return this.#connected;
    const { clock, environment, dexServer, readClientAssertion, signal } = this.#options;
    const isDex = settings.sso?.kind === "dex";
    if (isDex && dexServer === undefined) {
      throw new MooringError(
        "CONFIG_INVALID",
        "ConfigMap argocd-cm: dex.config is set and the server was not told where Dex listens; run Dex, whose client secret follows from " +
          `server.secretkey of Secret ${authSecretName}, and set ARGOCD_SERVER_DEX_SERVER to its address`,
      );
    }
    const egress = createEgress({
      rootCa: sso.rootCa,
      skipsTlsVerification: sso.skipsTlsVerification,
      environment,
      instead:
        isDex && dexServer !== undefined
          ? { of: sso.issuer, server: besideUs(sso.issuer, dexServer) }
          : undefined,
    });
    // Questions under way end with the old connection; those who ask again use the new one.
    this.#connected?.egress[Symbol.dispose]();
    const provider = new OidcProvider({ sso, egress, clock, readClientAssertion, signal });
    const userInfo =
      sso.userInfo === undefined
        ? undefined
        : new UserInfo({ provider, config: sso.userInfo, clock, signal });
    this.#connected = { key, egress, provider, userInfo };
    return this.#connected;
  }
}

/** Dex serves below the path of its issuer, wherever it is asked. */
function besideUs(issuer: string, dexServer: string): string {
  return new URL(new URL(issuer).pathname, dexServer).href;
}
