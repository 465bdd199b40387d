import { viewNumber } from "#core/object/index.ts";
import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { changeLogins } from "../login/read-logins.ts";
import { withTokens } from "../login/login-file.ts";
import type { CliPorts } from "../ports.ts";
import type { ServerChoice } from "./choose-server.ts";
import { readProvider } from "./read-provider.ts";

/** So long before its end a token is not used any more. */
const marginMs = 10_000;

/**
 * The token to ask with. One of a login that has ended is renewed where the identity provider gave what that takes, and the login is
 * kept with it; where that fails, the old one goes to the server, which says what is wrong with it.
 */
export async function renewedToken(
  { connection, login, usesLogin, path }: ServerChoice,
  ports: CliPorts,
): Promise<string | undefined> {
  const { token } = connection;
  if (!usesLogin || login === undefined || login.user.refreshToken === "") return token;
  const expires = viewNumber(claimsOf(token ?? ""), "exp");
  if (expires === undefined || expires * 1_000 > ports.clock.now() + marginMs) return token;
  try {
    await using api = await ports.connectApi({ ...connection, token: undefined });
    const provider = await readProvider(api, ports.signal);
    const sso = await ports.startSso();
    const { idToken, refreshToken } = await sso.renew(provider, login.user.refreshToken);
    await changeLogins({ config: path }, ports, (file) =>
      withTokens(file, { name: login.user.name, authToken: idToken, refreshToken }),
    );
    return idToken;
  } catch (error) {
    if (!isMooringError(error)) throw error;
    ports.stderr.write(`mooring: the session of ${login.name} cannot be renewed: ${messageOf(error)}\n`);
    return token;
  }
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
