import { mooringVersion } from "#cli/commands/version.ts";

/** Clients of Argo CD's API tell by the version what a server can do: the one whose API this is, and Mooring's own behind the plus (Semantic Versioning 2.0.0, section 10). */
export const version = `v3.6.0+mooring-${mooringVersion}`;
