import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";

/** `version.VersionService`: what clients ask first, to find out how they can talk to the server. */
export function versionMethods({ version }: ApiContext): ServiceMethods<"version", Caller> {
  return {
    version: (_request, { caller }) => {
      caller.needsNoPermission();
      const platform = `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`;
      return Promise.resolve({
        Version: version,
        Compiler: `Node.js ${process.version}`,
        Platform: platform,
      });
    },
  };
}
