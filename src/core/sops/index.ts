/**
 * Files encrypted with SOPS: a map whose values are encrypted one by one, each bound to the names on its path, and a `sops` map
 * beside them that says which values are encrypted, for whom the file's data key is, and an authentication code over all values
 * in the file's order. Several YAML documents of one file share one code. What needs a cipher is passed in.
 */
export { decryptSops } from "./decrypt.ts";
export type { SopsCrypto } from "./decrypt.ts";
export * from "./file.ts";
export { formatMasterKey, parseSopsMetadata } from "./metadata.ts";
export type { SopsKeySet, SopsMasterKey, SopsMetadata } from "./metadata.ts";
export { resolvePlainValue } from "./plain-value.ts";
export { combineParts } from "./shamir.ts";
export { keepAnnotationOf, keepsEncryption, refuseEncrypted } from "./still-encrypted.ts";
export { entryOf, scalar, scalarValue, treeOf, valueOf } from "./tree.ts";
export type { FieldPath, SopsList, SopsMap, SopsNode, SopsScalar } from "./tree.ts";
