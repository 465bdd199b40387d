import { MooringError } from "#core/errors/index.ts";
import { joinChunkedCookie, parseCookies, tokenCookie } from "../cookies/cookies.ts";
import type { Carrier } from "../identity.ts";

/** The places in which a request can say who it comes from. */
export interface Credentials {
  /** gRPC metadata `token`. */
  readonly token?: string | undefined;
  /** The `Authorization` header. */
  readonly authorization?: string | undefined;
  /** The `Cookie` header. */
  readonly cookie?: string | undefined;
}

export interface FoundToken {
  readonly token: string;
  readonly carrier: Carrier;
}

/** More than twenty cookies hold. */
const maxTokenLength = 96 * 1024;

const jwt = /^[\w-]+\.[\w-]+\.[\w-]*$/u;
const bearer = /^bearer\s+(?<token>\S+)$/iu;

/**
 * The token that counts: of the metadata, else of the header, else of the cookie. Bearer tokens and cookies that are no JWTs are those
 * of a proxy in front and passed over. Undefined when the request has none; throws API_UNAUTHENTICATED for one that is too long.
 */
export function findToken({ token = "", authorization, cookie }: Credentials): FoundToken | undefined {
  const found = firstOf([
    [token, "metadata"],
    [jwtOr(bearer.exec(authorization ?? "")?.groups?.["token"]), "bearer"],
    [jwtOr(joinChunkedCookie(parseCookies(cookie), tokenCookie)), "cookie"],
  ]);
  if (found !== undefined && found.token.length > maxTokenLength) {
    throw new MooringError(
      "API_UNAUTHENTICATED",
      `the token is longer than ${maxTokenLength} letters, so it is not read; log in again`,
    );
  }
  return found;
}

function jwtOr(text = ""): string {
  return text.length > maxTokenLength || jwt.test(text) ? text : "";
}

function firstOf(candidates: readonly (readonly [string, Carrier])[]): FoundToken | undefined {
  const found = candidates.find(([token]) => token !== "");
  return found === undefined ? undefined : { token: found[0], carrier: found[1] };
}
