/**
 * What is not in Git: charts of Helm repositories and OCI registries, other OCI artifacts, single files over HTTP. What holds:
 *
 * - An index, a list of tags or a tag is asked for once for all who ask at the same time or accept an answer of that age; a
 *   failure answers for a short while. Indexes are searched in threads.
 * - Every answer has a size limit that is checked while it streams, every question a time limit, every host so many requests.
 * - Digests are checked; archives are unpacked in memory, within limits, and what would lead out of them is refused.
 * - Credentials go to the repository's own server only, and what they brought is shown only to who has them.
 * - Nothing leads to an internal address but the configuration (docs/adr/0010-registries.md).
 * - The directory is a cache that may be deleted at any moment.
 */
export type { RegistryOptions } from "./options.ts";
export { unpack as unpackArchive } from "./archive/unpack.ts";
export { startOutgoingHttp } from "./http/outgoing.ts";
export { startRegistry } from "./start-registry.ts";
