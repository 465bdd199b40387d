import { viewNumber, viewString } from "#core/object/index.ts";
import { MooringError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { changeLogins, readLogins } from "../login/read-logins.ts";
import type { LoginContext } from "../login/login-file.ts";
import { findContext, withTokens } from "../login/login-file.ts";
import type { CliPorts } from "../ports.ts";
import type { ServerChoice } from "./choose-server.ts";
import { readProvider } from "./read-provider.ts";

/** So long before its end a token is not used any more. */
const marginMs = 10_000;

/**
 * The token to ask with. One of a login that has ended is renewed where the identity provider gave what that takes, and the login is
 * kept with it; where that fails, the old one goes to the server, which says what is wrong with it.
 */
export async function renewedToken(choice: ServerChoice, ports: CliPorts): Promise<string | undefined> {
  const { connection, login, usesLogin, path } = choice;
  const { token } = connection;
  if (!usesLogin || login === undefined || login.user.refreshToken === "") return token;
  if (!hasEnded(token ?? "", ports)) return token;
  try {
    return await ports.logins.exclusively(path, async () => {
      // Another command may have renewed it meanwhile, and many providers take a refresh token only once.
      const now = findContext(await readLogins({ config: path }, ports), login.name);
      const { authToken, refreshToken } = now.user;
      return refreshToken === "" || !hasEnded(authToken, ports) ? authToken : await renew(now, choice, ports);
    });
  } catch (error) {
    if (!isMooringError(error)) throw error;
    ports.stderr.write(`mooring: the session of ${login.name} cannot be renewed: ${messageOf(error)}\n`);
    return token;
  }
}

async function renew(
  { name, user }: LoginContext,
  { connection, path }: ServerChoice,
  ports: CliPorts,
): Promise<string> {
  await using api = await ports.connectApi({ ...connection, token: undefined });
  const provider = await readProvider(api, ports.signal);
  const own = viewString(claimsOf(user.authToken), "iss") ?? "";
  // Which provider that is says the server, and a refresh token is worth more than it shall have.
  if (comparable(provider.issuer) !== comparable(own)) {
    throw new MooringError(
      "API_SSO_INVALID",
      `server ${api.address}: names the identity provider ${JSON.stringify(provider.issuer)}, and the login is of ${JSON.stringify(own)}, to which alone its refresh token is sent; if the change is meant, log in again with: mooring relogin --argocd-context ${name}`,
    );
  }
  const sso = await ports.startSso();
  const { idToken, refreshToken } = await sso.renew(provider, user.refreshToken);
  await changeLogins({ config: path }, ports, (file) => {
    const before = findContext(file, name).user;
    // Who logged out or in again meanwhile stays so.
    if (before.refreshToken !== user.refreshToken) return file;
    return withTokens(file, { name: user.name, authToken: idToken, refreshToken });
  });
  return idToken;
}

/** Issuers that differ in how they are written, and not in what they name. */
function comparable(issuer: string): string {
  return (URL.parse(issuer)?.href ?? issuer).replace(/\/$/u, "");
}

function hasEnded(token: string, { clock }: CliPorts): boolean {
  const expires = viewNumber(claimsOf(token), "exp");
  return expires !== undefined && expires * 1_000 <= clock.now() + marginMs;
}

/** What a token says of itself, unchecked: only the server can check it. Empty for what is no token. */
export function claimsOf(token: string): JsonObject {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as JsonObject;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
