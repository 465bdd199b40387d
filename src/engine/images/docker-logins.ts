import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewObject, viewPath, viewString } from "#core/object/index.ts";
import type { RegistryCredentials } from "#core/repo/index.ts";
import { decodeBase64Text } from "#core/repo/index.ts";

/** The login for a registry's host and port; undefined where there is none. */
type Logins = (host: string) => RegistryCredentials | undefined;

/** The logins of a `config.json` of docker. Throws CONFIG_INVALID, which quotes nothing of it. */
export function readDockerLogins(text: string, subject: string): Logins {
  const auths = viewObject(parseJson(text, subject), "auths");
  return (host) => {
    const names =
      host === "docker.io" ? ["https://index.docker.io/v1/", "docker.io"] : [host, `https://${host}`];
    const entry = names.map((name) => auths[name]).find((each) => each !== undefined);
    return credentialsIn(entry);
  };
}

function parseJson(text: string, subject: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // What JSON.parse says quotes the text, which holds passwords.
    throw new MooringError(
      "CONFIG_INVALID",
      `${subject}: is no JSON; correct it, or log in again with docker login`,
    );
  }
}

function credentialsIn(entry: JsonValue | undefined): RegistryCredentials | undefined {
  const auth = viewString(entry, "auth");
  const pair = auth === undefined ? undefined : decodeBase64Text(auth);
  const colon = pair?.indexOf(":") ?? -1;
  if (pair !== undefined && colon >= 0) {
    return { kind: "basic", username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  }
  const [username, password] = [viewString(entry, "username"), viewPath(entry, "password")];
  if (username === undefined || typeof password !== "string") return undefined;
  return { kind: "basic", username, password };
}
