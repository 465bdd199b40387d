import type { IncomingMessage } from "node:http";
import type { Origin } from "../call.ts";

/** What OAuth and its pages need. Others could be believed by a connector that trusts a proxy, such as `X-Remote-User`. */
const asked = [
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "content-length",
  "content-type",
  "if-modified-since",
  "if-none-match",
  "origin",
  "user-agent",
] as const;

const ownCookie = /^(?:argocd|mooring)\./u;

/** The headers of a request as Dex is given them. */
export function questionHeaders({ headers }: IncomingMessage, { address }: Origin): Record<string, string> {
  const kept = asked.flatMap((name) => {
    const value = headers[name]?.toString();
    return value === undefined ? [] : [[name, value] as const];
  });
  const cookie = foreignCookies(headers.cookie);
  const host = headers.host ?? headers[":authority"]?.toString();
  return {
    ...Object.fromEntries(kept),
    ...(cookie === "" ? {} : { cookie }),
    ...(address === undefined ? {} : { "x-forwarded-for": address }),
    ...(host === undefined ? {} : { "x-forwarded-host": host }),
  };
}

/** A `Cookie` header without ours: a session is none of Dex's business. */
function foreignCookies(header = ""): string {
  const pairs = header.split(";").map((pair) => pair.trim());
  return pairs.filter((pair) => pair !== "" && !ownCookie.test(pair)).join("; ");
}

/** Of the connection between two servers, and no part of what is told (RFC 9110, section 7.6.1). */
const ofConnection = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Holds for Dex's pages where Dex says nothing else: their forms may lead to a provider. */
const usual: readonly (readonly [string, string])[] = [
  ["content-security-policy", "frame-ancestors 'self'; base-uri 'none'; object-src 'none'"],
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "sameorigin"],
  ["referrer-policy", "same-origin"],
];

/** The headers of Dex's answer as a browser is given them. Cookies that are named as ours are left out. */
export function answerHeaders(answer: IncomingMessage): ReadonlyMap<string, string | readonly string[]> {
  const headers = new Map<string, string | readonly string[]>(usual);
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    const kept = name === "set-cookie" ? values.filter((each) => !ownCookie.test(each.trim())) : values;
    if (ofConnection.has(name) || kept.length === 0) continue;
    headers.set(name, kept.length === 1 ? (kept[0] ?? "") : kept);
  }
  return headers;
}
