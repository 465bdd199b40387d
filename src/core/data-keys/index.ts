/** Private keys for files encrypted with SOPS, as Secrets of the control-plane namespace state them. */
export { dataKeysLabel, dataKeysOf, isDataKeySecret, parseDataKeySecret } from "./parse-secret.ts";
export type { DataKeySecret, PrivateKey } from "./parse-secret.ts";
