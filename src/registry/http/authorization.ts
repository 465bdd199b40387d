import type { RegistryCredentials } from "#core/repo/index.ts";

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** The `Authorization` that shows a user name and password; undefined where there are none. */
export function basicOf(credentials: RegistryCredentials): string | undefined {
  if (credentials.kind === "basic") return basic(credentials.username, credentials.password);
  const { username, password } = credentials.kind === "tls" ? credentials : {};
  return username === undefined && password === undefined ? undefined : basic(username ?? "", password ?? "");
}

/** The `Authorization` that shows the credentials without being asked; undefined where there are none. */
export function authorizationOf(credentials: RegistryCredentials): string | undefined {
  return credentials.kind === "bearer" ? `Bearer ${credentials.token}` : basicOf(credentials);
}
