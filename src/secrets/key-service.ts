import type { SopsMasterKey } from "#core/sops/index.ts";

/** A service that keeps private keys and decrypts with them: a cloud's KMS, Azure Key Vault, Vault's transit engine. */
export interface KeyService {
  /** Shown in messages. */
  readonly name: string;
  /** True when this service is configured for the key. */
  serves(key: SopsMasterKey): boolean;
  /** The plain text of `key.enc`. Throws SECRET_KEY_SERVICE; the message never holds credentials. */
  decrypt(key: SopsMasterKey, signal: AbortSignal): Promise<Uint8Array>;
}
