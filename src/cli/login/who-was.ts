import { viewString } from "#core/object/index.ts";
import { claimsOf } from "../server/renew-token.ts";
import type { LoggedOut, LoginContext } from "./login-file.ts";

/** Who is logged in, or was before they logged out; undefined where the file does not say it. */
export function whoWas({ user }: LoginContext): LoggedOut | undefined {
  if (user.authToken === "") return user.before;
  const claims = claimsOf(user.authToken);
  // Sessions of local accounts are the server's own; others come from a provider.
  if (viewString(claims, "iss") !== "argocd") return "sso";
  const username = (viewString(claims, "sub") ?? "").replace(/:login$/u, "");
  return username === "" ? undefined : { username };
}
