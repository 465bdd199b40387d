import { spawn } from "node:child_process";
import { createHash, createPrivateKey, sign } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createCertificateAuthority } from "#embedded/tls/certificates.ts";
import { listenOnLoopback } from "../git-servers/loopback.ts";
import { sha256 } from "./pack.ts";
import type { WebServer } from "./web-server.ts";
import { startWebServer } from "./web-server.ts";

export const login = { username: "ci", password: "s3cret-pass" } as const;

export interface DockerRegistry extends AsyncDisposable {
  /** Host and port. */
  readonly host: string;
  /** The token service, where there is one. */
  readonly tokens: WebServer | undefined;
  /** Pushes an artifact of these layers; the digest of its manifest. */
  push(repository: string, tag: string, content: readonly Layer[] | Content): Promise<string>;
}

export interface Layer {
  readonly mediaType: string;
  readonly content: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Content {
  readonly layers: readonly Layer[];
  readonly config: object;
}

function contentOf(content: readonly Layer[] | Content): Content {
  return "config" in content ? content : { layers: content, config: {} };
}

export interface DockerRegistryOptions {
  readonly directory: string;
  /** `basic` asks for the login itself, `token` sends to a token service that does. */
  readonly auth?: "basic" | "token";
}

const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
/** The bcrypt hash of the password of `login`, at the lowest cost. */
const passwordHash = "$2b$04$6k.RpNfMir8Vk8CmneME1ussEDdye8YxGOV2MRBnP4JH93MrZ1Y/y";
const basic = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;
const startMs = 20_000;

export function chartOf(archive: Buffer): readonly Layer[] {
  return [{ mediaType: chartLayer, content: archive }];
}

async function freePort(): Promise<number> {
  const { port, close } = await listenOnLoopback(createServer());
  await close();
  return port;
}

/** The token service of a registry (the distribution project's token specification), with the login from above. */
async function startTokens(
  directory: string,
): Promise<{ readonly server: WebServer; readonly config: string }> {
  const { certificate, key } = createCertificateAuthority("tokens").issue({
    subject: { commonName: "tokens" },
    usage: "server",
  });
  await writeFile(join(directory, "tokens.pem"), certificate);
  const server = await startWebServer();
  const der = certificate.replaceAll(/-----[^-]+-----|\s/g, "");
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const issue = (scope: string | null, who: string | undefined): string => {
    const [type = "", name = "", actions = ""] = scope?.split(":") ?? [];
    // Everybody may read what is public; the rest needs the login.
    const permitted = who === basic || (name.startsWith("public/") && actions === "pull");
    const access = scope === null || !permitted ? [] : [{ type, name, actions: actions.split(",") }];
    const now = Math.floor(Date.now() / 1000);
    const body = `${part({ alg: "ES256", typ: "JWT", x5c: [der] })}.${part({ iss: "tokens", aud: "registry", sub: "", nbf: now - 60, exp: now + 300, iat: now, jti: "1", access })}`;
    const signature = sign("sha256", Buffer.from(body), {
      key: createPrivateKey(key),
      dsaEncoding: "ieee-p1363",
    });
    return `${body}.${signature.toString("base64url")}`;
  };
  server.setDefault((request, response) => {
    const { authorization } = request.headers;
    const scope = new URL(request.url ?? "", server.url).searchParams.get("scope");
    if (authorization !== undefined && authorization !== basic) response.writeHead(401).end();
    else response.end(JSON.stringify({ token: issue(scope, authorization), expires_in: 300 }));
  });
  const config = `{realm: "${server.url}/token", service: registry, issuer: tokens, rootcertbundle: "${join(directory, "tokens.pem")}"}`;
  return { server, config };
}

async function authOf(options: DockerRegistryOptions) {
  if (options.auth === "token") {
    const { server, config } = await startTokens(options.directory);
    return { tokens: server, config: `auth: {token: ${config}}\n` };
  }
  if (options.auth === undefined) return { tokens: undefined, config: "" };
  const path = join(options.directory, "htpasswd");
  await writeFile(path, `${login.username}:${passwordHash}\n`);
  return { tokens: undefined, config: `auth: {htpasswd: {realm: registry, path: "${path}"}}\n` };
}

async function untilAnswers(url: string): Promise<void> {
  const deadline = Date.now() + startMs;
  for (;;) {
    try {
      await fetch(`${url}/v2/`);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error("docker-registry did not start in time", { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Debian's docker-registry on a loopback port, its content in a directory. */
export async function startDockerRegistry(options: DockerRegistryOptions): Promise<DockerRegistry> {
  await mkdir(join(options.directory, "content"), { recursive: true });
  const { tokens, config } = await authOf(options);
  const host = `127.0.0.1:${await freePort()}`;
  const file = join(options.directory, "registry.yml");
  const storage = `storage: {filesystem: {rootdirectory: "${join(options.directory, "content")}"}}\n`;
  await writeFile(file, `version: 0.1\nlog: {level: error}\nhttp: {addr: "${host}"}\n${storage}${config}`);
  const program = spawn("docker-registry", ["serve", file], { stdio: "ignore" });
  const ended = new Promise((resolve) => void program.once("close", resolve));
  await untilAnswers(`http://${host}`);
  return {
    host,
    tokens,
    push: async (repository, tag, content) =>
      await push({ host, repository, tag, ...contentOf(content) }, options.auth),
    [Symbol.asyncDispose]: async () => {
      program.kill("SIGKILL");
      await ended;
      await tokens?.[Symbol.asyncDispose]();
    },
  };
}

interface Push {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
  readonly layers: readonly Layer[];
  readonly config: object;
}

async function authorizationFor(
  { host, repository }: Push,
  auth: DockerRegistryOptions["auth"],
): Promise<string> {
  if (auth !== "token") return basic;
  const asked = await fetch(`http://${host}/v2/`);
  const realm = /realm="([^"]+)"/.exec(asked.headers.get("www-authenticate") ?? "")?.[1] ?? "";
  const scope = `?scope=repository:${repository}:pull,push`;
  const answer = await fetch(`${realm}${scope}`, { headers: { authorization: basic } });
  return `Bearer ${((await answer.json()) as { readonly token: string }).token}`;
}

async function push(wanted: Push, auth: DockerRegistryOptions["auth"]): Promise<string> {
  const { host, repository, tag, layers } = wanted;
  const headers = { authorization: await authorizationFor(wanted, auth) };
  const base = `http://${host}/v2/${repository}`;
  const config = {
    mediaType: "application/vnd.cncf.helm.config.v1+json",
    content: Buffer.from(JSON.stringify(wanted.config)),
  };
  const described = [config, ...layers].map(({ mediaType, content, ...more }) => ({
    ...more,
    mediaType,
    digest: `sha256:${sha256(content)}`,
    size: content.length,
  }));
  for (const { content } of [config, ...layers]) {
    const started = await fetch(`${base}/blobs/uploads/`, { method: "POST", headers });
    const url = new URL(started.headers.get("location") ?? "", base);
    url.searchParams.set("digest", `sha256:${sha256(content)}`);
    const body = new Uint8Array(content);
    await mustBe(201, await fetch(url, { method: "PUT", headers, body }));
  }
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: described[0],
    layers: described.slice(1),
  });
  const put = { method: "PUT", headers: { ...headers, "content-type": mediaType }, body: manifest };
  await mustBe(201, await fetch(`${base}/manifests/${tag}`, put));
  return `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
}

async function mustBe(status: number, answer: Response): Promise<void> {
  if (answer.status !== status)
    throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
}
