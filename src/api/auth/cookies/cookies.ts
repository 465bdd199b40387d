import { MooringError } from "#core/errors/index.ts";

/** What cookies must carry besides their value. */
export interface CookieScope {
  /** Where the server's pages begin: `/`, or the path that it is served under. */
  readonly path: string;
  /** Only over TLS. */
  readonly isSecure: boolean;
}

interface CookieOptions extends CookieScope {
  /** In seconds; 0 removes the cookie, undefined keeps it until the browser is closed. */
  readonly maxAge?: number | undefined;
}

export const tokenCookie = "argocd.token";

/** What browsers keep of one cookie, with its name and attributes. */
const maxCookieBytes = 4_000;
/** As in Argo CD; a browser keeps more for one server. */
const maxTokenCookies = 20;
const maxHeaderBytes = 256 * 1024;

/** A `Set-Cookie` header. The value must be of the letters that a cookie may have. */
export function formatCookie(name: string, value: string, options: CookieOptions): string {
  const age = options.maxAge === undefined ? [] : [`Max-Age=${options.maxAge}`];
  const secure = options.isSecure ? ["Secure"] : [];
  return [`${name}=${value}`, `Path=${options.path}`, ...age, "HttpOnly", "SameSite=Lax", ...secure].join(
    "; ",
  );
}

/**
 * A long value as several cookies: `name=<count>:<first part>`, `name-1=<second part>` …, or `name=<value>` when one holds it, as
 * Argo CD writes its token. Throws API_SSO_INVALID when it needs too many.
 */
export function formatChunkedCookie(name: string, value: string, options: CookieOptions): readonly string[] {
  const room = maxCookieBytes - formatCookie(`${name}-99`, "99:", options).length;
  const count = Math.max(1, Math.ceil(value.length / room));
  if (count > maxTokenCookies) {
    throw new MooringError(
      "API_SSO_INVALID",
      `the token has ${value.length} letters, more than the ${maxTokenCookies * room} that fit into ${maxTokenCookies} cookies; let the provider put fewer groups and claims into it`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const part = value.slice(index * room, (index + 1) * room);
    if (index > 0) return formatCookie(`${name}-${index}`, part, options);
    return formatCookie(name, count === 1 ? part : `${count}:${part}`, options);
  });
}

/** The cookies of a `Cookie` header; the first of a name counts. One that is over the limit has none. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  if (header === undefined || header.length > maxHeaderBytes) return cookies;
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, equals)).trim();
    const value = pair
      .slice(equals + 1)
      .trim()
      .replace(/^"(.*)"$/u, "$1");
    if (name !== "" && !cookies.has(name)) cookies.set(name, value);
  }
  return cookies;
}

/** The value that `formatChunkedCookie` wrote; undefined when there is none, or a part of it is missing. */
export function joinChunkedCookie(cookies: ReadonlyMap<string, string>, name: string): string | undefined {
  const first = cookies.get(name);
  if (first === undefined || first === "") return undefined;
  const counted = /^(?<count>\d{1,3}):(?<part>.*)$/su.exec(first)?.groups;
  if (counted === undefined) return first;
  const count = Number(counted["count"]);
  if (count < 1 || count > maxTokenCookies) return undefined;
  const rest = Array.from({ length: count - 1 }, (_, index) => cookies.get(`${name}-${index + 1}`));
  if (rest.includes(undefined)) return undefined;
  return [counted["part"] ?? "", ...rest].join("");
}

/** Headers that remove a value from the browser, with every part of it that it sent. */
export function removeChunkedCookie(
  cookies: ReadonlyMap<string, string>,
  name: string,
  scope: CookieScope,
): readonly string[] {
  const parts = [...cookies.keys()].filter((each) => each.startsWith(`${name}-`));
  return [name, ...parts.filter((each) => /^\d{1,3}$/u.test(each.slice(name.length + 1)))].map((each) =>
    formatCookie(each, "", { ...scope, maxAge: 0 }),
  );
}
