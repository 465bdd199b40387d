import type { ServerSettings } from "#cli/ports.ts";
import { MooringError } from "#core/errors/index.ts";

interface ServerPaths {
  /** Empty, or such as `/mooring`. */
  readonly rootPath: string;
  /** `/`, or such as `/mooring/`. */
  readonly baseHref: string;
}

/** Below which paths the server is found, by itself and by browsers. Throws CONFIG_INVALID for what is no path. */
export function readPaths({ rootPath, baseHref }: ServerSettings): ServerPaths {
  const root = parsePath("--rootpath", rootPath ?? "");
  const base = baseHref === undefined ? root : parsePath("--basehref", baseHref);
  return { rootPath: root, baseHref: `${base}/` };
}

/** With a slash before each part and none at the end. */
function parsePath(flag: string, text: string): string {
  const parts = text.split("/").filter((part) => part !== "");
  const wrong = parts.find((part) => !/^[\w.~-]+$/u.test(part) || part === "." || part === "..");
  if (wrong !== undefined) {
    throw new MooringError(
      "CONFIG_INVALID",
      `${flag} is ${JSON.stringify(text)}; write a path of letters, digits, ".", "-", "_" and "~", such as /mooring`,
    );
  }
  return parts.map((part) => `/${part}`).join("");
}
