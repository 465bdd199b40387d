import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuthSettings } from "#core/accounts/index.ts";
import { MooringError, stackOf } from "#core/errors/index.ts";
import { failureOf } from "../answer-code.ts";
import type { Origin } from "../call.ts";
import type { ApiContext } from "../context.ts";
import type { WebHandler } from "../server/serve.ts";
import { answerGet, escapeMarkup } from "./answer.ts";

interface SsoOptions {
  readonly context: ApiContext;
  /** Where browsers find the server's pages. */
  readonly base: string;
}

interface Redirect {
  readonly redirectTo: string;
  readonly cookies: readonly string[];
}

type Step = (call: {
  readonly address: URL;
  readonly request: IncomingMessage;
  readonly origin: Origin;
}) => Promise<Redirect>;

/**
 * Single sign-on of browsers: `/auth/login?return_url=…` sends them to the provider, which sends them back to `/auth/callback`;
 * `/auth/logout` ends the session here, and with the provider where it has an address for that.
 */
export function ssoHandler({ context, base }: SsoOptions): WebHandler {
  const { authenticator } = context;
  const steps: ReadonlyMap<string, Step> = new Map<string, Step>([
    [
      "/auth/login",
      ({ address, request }) => {
        const returnUrl = address.searchParams.get("return_url") ?? undefined;
        return authenticator.beginSsoLogin({
          returnUrl,
          origin: originNamed(authenticator.settings, request),
        });
      },
    ],
    [
      "/auth/callback",
      ({ address, origin }) =>
        authenticator.finishSsoLogin({ query: address.search, cookie: origin.credentials.cookie }),
    ],
    [
      "/auth/logout",
      ({ request, origin }) => {
        refuseOtherPages(request);
        return authenticator.logout(origin.credentials);
      },
    ],
  ]);
  return async (request, response, origin) => {
    const address = URL.parse(request.url ?? "/", "http://localhost");
    const step = address === null ? undefined : steps.get(address.pathname);
    if (address === null || step === undefined) return false;
    if (request.method !== "GET") throw new MooringError("API_METHOD_NOT_ALLOWED", "use GET here");
    try {
      const { redirectTo, cookies } = await step({ address, request, origin });
      origin.setCookies(cookies);
      // Codes and states in an address are of no use to a cache.
      response.writeHead(303, { location: redirectTo, "cache-control": "no-store", "content-length": 0 });
      response.end();
      return true;
    } catch (error) {
      return tell(error, { request, response, context, base });
    }
  };
}

/** The one of the server's own addresses by which a browser came; undefined for none of them. */
function originNamed(
  { url, additionalUrls }: AuthSettings,
  { headers }: IncomingMessage,
): string | undefined {
  const host = headers.host ?? headers[":authority"]?.toString();
  const known = [url, ...additionalUrls].filter((one) => one !== undefined).map((one) => new URL(one));
  return known.find((one) => one.host === host)?.origin;
}

/** A link on another site must not end sessions; browsers say where a request comes from (Fetch Metadata Request Headers, W3C). */
function refuseOtherPages({ headers }: IncomingMessage): void {
  const site = headers["sec-fetch-site"]?.toString();
  if (site === undefined || site === "same-origin" || site === "none") return;
  throw new MooringError("API_FORBIDDEN", "the request comes from a page of another site");
}

interface Failed extends SsoOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A page, since it is a person who came here. */
function tell(error: unknown, { request, response, context, base }: Failed): true {
  const failure = failureOf(error, (bug) => context.log.error("a login hit a bug", { error: stackOf(bug) }));
  const text = `<!doctype html>
<html lang="en">
<title>Login failed</title>
<h1>The login did not succeed</h1>
<p>${escapeMarkup(failure.message)}</p>
<p><a href="${escapeMarkup(base)}login">Back to the login</a></p>
</html>
`;
  return answerGet(request, response, () => ({
    status: failure.http,
    type: "text/html; charset=utf-8",
    text,
    headers: { "cache-control": "no-store" },
  }));
}
