import { TLSSocket } from "node:tls";
import type { User } from "../../verbs/api.ts";
import { unauthorized } from "../errors.ts";
import { type AnyRequest, type Exchange, headerOf } from "../exchange.ts";
import type { ResolvedOptions } from "../options.ts";

const authenticatedGroup = "system:authenticated";
const anonymous: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/** Who asks, by client certificate or else by token. Throws Unauthorized: wrong credentials are worse than none. */
export function authenticate(exchange: Exchange, { authenticate: settings }: ResolvedOptions): User {
  const certificate = readCertificate(exchange.request);
  if (typeof certificate === "object") return withAuthenticated(certificate);
  const authorization = headerOf(exchange, "authorization");
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    const user = token === undefined ? undefined : settings.tokens.get(token);
    if (user === undefined) throw unauthorized();
    return withAuthenticated(user);
  }
  if (certificate === "none" && settings.anonymous) return anonymous;
  throw unauthorized();
}

function withAuthenticated(user: User): User {
  if (user.groups.includes(authenticatedGroup)) return user;
  return { ...user, groups: [...user.groups, authenticatedGroup] };
}

type CertificateUser = User | "none" | "untrusted";

/** A certificate is that of its connection: it is looked at once. */
const knownCertificates = new WeakMap<object, CertificateUser>();

function readCertificate(request: AnyRequest): CertificateUser {
  const connection = "stream" in request ? request.stream.session : request.socket;
  if (connection === undefined) return "none";
  const known = knownCertificates.get(connection);
  if (known !== undefined) return known;
  const socket = "stream" in request ? request.stream.session?.socket : request.socket;
  const user = socket instanceof TLSSocket ? userOf(socket) : "none";
  knownCertificates.set(connection, user);
  return user;
}

function userOf(socket: TLSSocket): CertificateUser {
  const certificate = socket.getPeerCertificate();
  // An empty object when there is none, whatever its type says.
  if (!("subject" in certificate)) return "none";
  if (!socket.authorized) return "untrusted";
  const { CN, O } = certificate.subject as {
    readonly CN?: string | string[];
    readonly O?: string | string[];
  };
  const name = [CN ?? []].flat().at(-1) ?? "";
  return name === "" ? "untrusted" : { name, groups: [O ?? []].flat() };
}
