const number = /^\d+$/u;

/**
 * True when one resourceVersion is certainly older than another: those of one resource are numbers that grow
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions); of others nothing is certain.
 */
export function isOlderVersion(version = "", than = ""): boolean {
  return number.test(version) && number.test(than) && BigInt(version) < BigInt(than);
}
