import { MooringError } from "../errors/index.ts";

/** A repository URL taken apart; the parts are as written, only scheme and host are in lower case. */
export interface RepositoryUrl {
  readonly transport: "https" | "http" | "ssh" | "file";
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Host name without port; empty for `file://`. */
  readonly host: string;
  readonly port: string | undefined;
  /** With its leading slash, except in the `git@host:path` form. */
  readonly path: string;
  /** The same URL without password, and for HTTP without user name. */
  readonly withoutCredentials: string;
}

const fullForm =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?:(?<user>[^@/]*)@)?(?<host>\[[^\]/]*\]|[^/:@]*)(?::(?<port>\d+))?(?<path>\/.*)?$/i;
const scpForm = /^(?:(?<user>[^@/:]+)@)?(?<host>\[[^\]/]*\]|[^/:@]+):(?<path>.+)$/;
const transports = { https: "https", http: "http", ssh: "ssh", file: "file" } as const;

function refuse(url: string, reason: string): never {
  const shown = scrubUrls(url).slice(0, 200);
  throw new MooringError("GIT_INVALID", `repository ${JSON.stringify(shown)}: ${reason}`, { key: shown });
}

/** What no URL may have inside. */
export function hasControlOrSpace(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code === 0x7f) return true;
  }
  return false;
}

function decodePercent(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/** Removes credentials from every URL inside a text; of an HTTP URL also the user name, which often is a token. */
export function scrubUrls(text: string): string {
  return text
    .replaceAll(/(https?:\/\/)[^\s/'"]*@/gi, "$1")
    .replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*:[^\s/'"]*@/gi, "$1");
}

/** Parses `https://`, `http://`, `ssh://`, `file://` and `git@host:path`; throws GIT_INVALID for anything else. */
export function parseRepositoryUrl(text: string): RepositoryUrl {
  const url = text.trim();
  if (url === "") refuse(url, "the URL is empty; set repoURL");
  if (url.startsWith("-") || hasControlOrSpace(url))
    refuse(url, "not a URL; remove spaces and leading dashes");
  return url.includes("://") ? parseFullForm(url) : parseScpForm(url);
}

function parseFullForm(url: string): RepositoryUrl {
  const parts = fullForm.exec(url)?.groups;
  if (parts === undefined) refuse(url, "not a URL that can be read");
  const transport = transports[(parts["scheme"] ?? "").toLowerCase() as keyof typeof transports];
  if (transport === undefined) {
    refuse(url, `scheme ${parts["scheme"]} is not supported; use https, http, ssh or file`);
  }
  const host = (parts["host"] ?? "").toLowerCase();
  const path = parts["path"] ?? "";
  if (transport === "file" ? host !== "" && host !== "localhost" : host === "" || host.startsWith("-")) {
    refuse(url, "the host is not valid");
  }
  if (path === "" || path === "/") refuse(url, "the path of the repository is missing");
  const [user, ...rest] = (parts["user"] ?? "").split(":");
  const password = rest.length === 0 ? undefined : decodePercent(rest.join(":"));
  const username = user === undefined || user === "" ? undefined : decodePercent(user);
  if (username?.startsWith("-") === true) refuse(url, "the user name begins with a dash");
  const port = parts["port"];
  const shownUser = transport === "ssh" && username !== undefined ? `${user}@` : "";
  const at = port === undefined ? host : `${host}:${port}`;
  const withoutCredentials = `${transport}://${shownUser}${at}${path}`;
  return { transport, username, password, host, port, path, withoutCredentials };
}

function parseScpForm(url: string): RepositoryUrl {
  const parts = scpForm.exec(url)?.groups;
  if (parts === undefined) refuse(url, "not a URL; write https://…, ssh://…, file://… or git@host:path");
  const host = (parts["host"] ?? "").toLowerCase();
  const username = parts["user"];
  const path = parts["path"] ?? "";
  if (host.startsWith("-") || username?.startsWith("-") === true || path.startsWith("-")) {
    refuse(url, "host, user or path begins with a dash");
  }
  const withoutCredentials = `${username === undefined ? "" : `${username}@`}${host}:${path}`;
  return { transport: "ssh", username, password: undefined, host, port: undefined, path, withoutCredentials };
}

/**
 * What Argo CD compares when it looks for a repository's Secret or template: everything in lower case, without `.git`,
 * trailing slash, `ssh://` and HTTP credentials, `git@host:path` written with a slash. Never throws.
 */
export function repositoryMatchKey(url: string): string {
  let key = scrubUrls(url.trim()).toLowerCase();
  if (!key.includes("://") && /^[^/:]*@[^@]+$/.test(key)) key = key.replace(":", "/");
  key = key.replace(/^ssh:\/\//, "");
  return key.replace(/\/+$/, "").replace(/\.git$/, "");
}

/**
 * Identity of a repository for mirrors and caches. Unlike the match key it keeps the path's case, because two paths that
 * differ in case may be two repositories, and a `file://` path as it is.
 */
export function repositoryIdentity(url: RepositoryUrl): string {
  const trimmed = url.path.replace(/\/+$/, "").replace(/^\/+/, "");
  if (url.transport === "file") return `file:///${trimmed}`;
  const user = url.transport === "ssh" && url.username !== undefined ? `${url.username}@` : "";
  const port = url.port === undefined ? "" : `:${url.port}`;
  return `${url.transport}://${user}${url.host}${port}/${trimmed.replace(/\.git$/, "")}`;
}
