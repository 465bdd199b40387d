import { isJsonObject, viewString } from "#core/object/index.ts";
import { DemoFailure } from "../commands.ts";

/** A token of `admin`, as a login gets it. */
export async function logIn(url: string, password: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "admin", password }),
    signal,
  });
  const answer: unknown = await response.json();
  const token = isJsonObject(answer) ? viewString(answer, "token") : undefined;
  if (token === undefined) throw new DemoFailure(`login of admin: the server answered ${response.status}`);
  return token;
}
