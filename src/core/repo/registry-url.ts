import { MooringError } from "../errors/index.ts";
import { hasControlOrSpace, scrubUrls } from "./url.ts";

/** A Helm repository's, registry's or file's URL taken apart; scheme and host are in lower case. */
export interface RegistryUrl {
  readonly scheme: "https" | "http" | "oci";
  /** Host name without port. */
  readonly host: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The same URL without credentials and without a slash at the end. */
  readonly withoutCredentials: string;
}

const form =
  /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/)?(?:(?<user>[^@/]*)@)?(?<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?<port>\d{1,5}))?(?<rest>[/?].*)?$/i;

function refuse(url: string, reason: string): never {
  const shown = scrubUrls(url).slice(0, 200);
  throw new MooringError("CONFIG_INVALID", `repository ${JSON.stringify(shown)}: ${reason}`, { key: shown });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Parses `https://…`, `http://…`, `oci://…`, and `host/path` without a scheme, which is a registry. Throws CONFIG_INVALID. */
export function parseRegistryUrl(text: string): RegistryUrl {
  const url = text.trim();
  if (url === "") refuse(url, "the URL is empty; set repoURL");
  if (hasControlOrSpace(url) || url.includes("\\")) refuse(url, "not a URL; remove spaces and backslashes");
  const parts = form.exec(url)?.groups;
  const host = parts?.["host"]?.toLowerCase() ?? "";
  if (parts === undefined || host.startsWith("-")) {
    refuse(url, "not a URL of a chart repository; write https://…, oci://… or host/path");
  }
  const scheme = (parts["scheme"] ?? "oci").toLowerCase();
  if (scheme !== "https" && scheme !== "http" && scheme !== "oci") {
    refuse(url, `scheme ${scheme} is not supported for charts; use https, http or oci`);
  }
  const [user = "", ...rest] = (parts["user"] ?? "").split(":");
  const port = parts["port"] === undefined ? "" : `:${parts["port"]}`;
  const path = (parts["rest"] ?? "").replace(/#.*$/, "").replace(/\/+$/, "");
  return {
    scheme,
    host: host.replace(/^\[(.*)\]$/, "$1"),
    username: user === "" ? undefined : decode(user),
    password: rest.length === 0 ? undefined : decode(rest.join(":")),
    withoutCredentials: `${scheme}://${host}${port}${path}`,
  };
}
