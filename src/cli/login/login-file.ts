import { MooringError } from "#core/errors/index.ts";
import { printYaml } from "#core/diff/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";

/**
 * The file in which argocd keeps who is logged in where: `~/.config/argocd/config`. Both programs read and write it; what one of them
 * does not know stays as it is.
 */
export interface LoginFile {
  readonly path: string;
  readonly content: JsonObject;
}

/** A server as the file describes it. */
export interface ServerEntry {
  readonly server: string;
  readonly plaintext: boolean;
  readonly insecure: boolean;
  readonly grpcWeb: boolean;
  readonly rootPath: string;
  /** No server: whoever uses it works on the cluster itself. */
  readonly core: boolean;
  /** PEM. */
  readonly authorities?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
}

interface UserEntry {
  readonly name: string;
  readonly authToken: string;
  readonly refreshToken: string;
  /** How somebody who logged out was logged in, so that they can be again. argocd does not know it. */
  readonly before?: LoggedOut | undefined;
}

/** Who somebody was before they logged out: a local account of that name, or somebody of the identity provider. */
export type LoggedOut = { readonly username: string } | "sso";

/** A server, and who somebody is there. */
export interface LoginContext {
  readonly name: string;
  readonly server: ServerEntry;
  readonly user: UserEntry;
}

/** Reads the file's text; undefined is a file that is not there. Throws CONFIG_INVALID that names it. */
export function parseLogins(path: string, text: string | undefined): LoginFile {
  if (text === undefined || text.trim() === "") return { path, content: {} };
  let content: JsonValue;
  try {
    content = parseSmallYaml(text, path);
  } catch (error) {
    // The text holds tokens: of what the parser says, nothing is repeated but where it is.
    throw new MooringError("CONFIG_INVALID", `${path}: is no YAML; correct it, or log in anew without it`, {
      cause: error,
    });
  }
  if (isJsonObject(content)) return { path, content };
  throw new MooringError("CONFIG_INVALID", `${path}: is no map of contexts, servers and users; correct it`);
}

export function formatLogins({ content }: LoginFile): string {
  return printYaml(content);
}

/** The name of the context that counts where none is named; empty without one. */
export function currentContext({ content }: LoginFile): string {
  return viewString(content, "current-context") ?? "";
}

/**
 * Whether somebody was logged in and has chosen no login since: what commands act on is then open. A file without any word of it is
 * as good as none.
 */
export function isUnchosen(file: LoginFile): boolean {
  const hasSaid = file.content["current-context"] !== undefined || listContexts(file).length > 0;
  return hasSaid && currentContext(file) === "";
}

/** Names of contexts with their servers, as they stand in the file. */
export function listContexts({
  content,
}: LoginFile): readonly { readonly name: string; readonly server: string }[] {
  return entriesOf(content, "contexts").map((one) => ({
    name: viewString(one, "name") ?? "",
    server: viewString(one, "server") ?? "",
  }));
}

/** A context with its server and user. Throws CONFIG_NOT_FOUND that says what there is instead. */
export function findContext(file: LoginFile, name: string): LoginContext {
  const { path, content } = file;
  const found = entriesOf(content, "contexts").find((one) => viewString(one, "name") === name);
  if (found === undefined) {
    const names = listContexts(file).map((one) => one.name);
    const hint = names.length === 0 ? "log in with: mooring login SERVER" : `there are ${names.join(", ")}`;
    throw new MooringError("CONFIG_NOT_FOUND", `${path}: has no context ${JSON.stringify(name)}; ${hint}`);
  }
  const server = viewString(found, "server") ?? "";
  const user = viewString(found, "user") ?? "";
  const entry = entriesOf(content, "servers").find((one) => viewString(one, "server") === server);
  if (entry === undefined) {
    throw new MooringError(
      "CONFIG_INVALID",
      `${path}: context ${JSON.stringify(name)} is on server ${JSON.stringify(server)}, which is not among its servers; log in again with: mooring login ${server} --name ${name}`,
    );
  }
  const who = entriesOf(content, "users").find((one) => viewString(one, "name") === user);
  return {
    name,
    server: serverOf(path, entry),
    user: {
      name: user,
      authToken: viewString(who, "auth-token") ?? "",
      refreshToken: viewString(who, "refresh-token") ?? "",
      before: loggedOutOf(who),
    },
  };
}

function loggedOutOf(who: JsonObject | undefined): LoggedOut | undefined {
  const username = viewString(who, "logged-out") ?? "";
  if (who?.["logged-out-sso"] === true) return "sso";
  return username === "" ? undefined : { username };
}

function serverOf(path: string, entry: JsonObject): ServerEntry {
  const server = viewString(entry, "server") ?? "";
  const pem = (key: string): string | undefined => {
    const text = viewString(entry, key) ?? "";
    if (text === "") return undefined;
    const decoded = Buffer.from(text, "base64").toString();
    if (decoded.includes("-----BEGIN")) return decoded;
    throw new MooringError(
      "CONFIG_INVALID",
      `${path}: ${key} of server ${server} is no PEM in base64; correct it, or log in again`,
    );
  };
  return {
    server,
    plaintext: entry["plain-text"] === true,
    insecure: entry["insecure"] === true,
    grpcWeb: entry["grpc-web"] === true,
    rootPath: (viewString(entry, "grpc-web-root-path") ?? "").replaceAll(/^\/+|\/+$/gu, ""),
    core: entry["core"] === true,
    authorities: pem("certificate-authority-data"),
    clientCertificate: pem("client-certificate-data"),
    clientKey: pem("client-certificate-key-data"),
  };
}

/** The file with somebody logged in, in the context that counts from now on. */
export function withLogin(file: LoginFile, { name, server, user }: LoginContext): LoginFile {
  const base64 = (text: string | undefined) =>
    text === undefined ? undefined : Buffer.from(text).toString("base64");
  const serverEntry = {
    server: server.server,
    insecure: server.insecure || undefined,
    "grpc-web": server.grpcWeb || undefined,
    "grpc-web-root-path": server.rootPath,
    "plain-text": server.plaintext || undefined,
    core: server.core || undefined,
    "certificate-authority-data": base64(server.authorities),
    "client-certificate-data": base64(server.clientCertificate),
    "client-certificate-key-data": base64(server.clientKey),
  };
  const { content } = file;
  return {
    ...file,
    content: {
      ...content,
      contexts: put(content, "contexts", {
        key: "name",
        entry: { name, server: server.server, user: user.name },
      }),
      "current-context": name,
      servers: put(content, "servers", { key: "server", entry: serverEntry }),
      users: put(content, "users", { key: "name", entry: userEntry(user) }),
    },
  };
}

function userEntry({ name, authToken, refreshToken, before }: UserEntry) {
  return {
    "auth-token": authToken || undefined,
    "logged-out": typeof before === "object" ? before.username : undefined,
    "logged-out-sso": before === "sso" || undefined,
    name,
    "refresh-token": refreshToken || undefined,
  };
}

/** The file with other tokens of a user; without any the user is logged out. */
export function withTokens(file: LoginFile, user: UserEntry): LoginFile {
  const { content } = file;
  return {
    ...file,
    content: { ...content, users: put(content, "users", { key: "name", entry: userEntry(user) }) },
  };
}

export function withCurrent(file: LoginFile, name: string): LoginFile {
  findContext(file, name);
  return { ...file, content: { ...file.content, "current-context": name } };
}

/** The file without a context, its user, and its server unless another context is on it. Throws CONFIG_NOT_FOUND. */
export function withoutContext(file: LoginFile, name: string): LoginFile {
  const { content } = file;
  const { server, user } = findContext(file, name);
  const without = (list: string, keep: (one: JsonObject) => boolean) =>
    entriesOf(content, list).filter((one) => keep(one));
  const contexts = without("contexts", (one) => viewString(one, "name") !== name);
  const isUsed = (field: string, value: string) => contexts.some((one) => viewString(one, field) === value);
  const current = currentContext(file);
  return {
    ...file,
    content: {
      ...content,
      contexts,
      "current-context": current === name ? "" : current,
      servers: without(
        "servers",
        (one) => viewString(one, "server") !== server.server || isUsed("server", server.server),
      ),
      users: without("users", (one) => viewString(one, "name") !== user.name || isUsed("user", user.name)),
    },
  };
}

function entriesOf(content: JsonObject, list: string): readonly JsonObject[] {
  return viewArray(content, list).filter((one) => isJsonObject(one));
}

interface Entry {
  readonly key: string;
  readonly entry: Readonly<Record<string, JsonValue | undefined>>;
}

/** A list with an entry in the place of the one of the same key; fields that only others know stay. */
function put(content: JsonObject, list: string, { key, entry }: Entry): readonly JsonObject[] {
  const before = entriesOf(content, list);
  const at = before.findIndex((one) => one[key] === entry[key]);
  const merged = Object.fromEntries(
    Object.entries({ ...before[at], ...entry }).filter(([, value]) => value !== undefined),
  ) as JsonObject;
  return at < 0 ? [...before, merged] : before.with(at, merged);
}
