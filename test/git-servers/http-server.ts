import { spawn } from "node:child_process";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import type { CertificateAuthority } from "#embedded/tls/certificates.ts";
import { listenOnLoopback } from "./loopback.ts";

type GitHttpAuth =
  | { readonly kind: "none" }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  | { readonly kind: "bearer"; readonly token: string }
  /** A client certificate that the server's authority signed. */
  | { readonly kind: "certificate" };

export interface GitHttpServerOptions {
  /** Directory that holds the bare repositories. */
  readonly root: string;
  readonly auth?: GitHttpAuth;
  /** Serves HTTPS with a certificate of this authority for 127.0.0.1 and localhost. */
  readonly tls?: CertificateAuthority;
  /** 0 behaves like a server from before 2018, which gives out only commits that refs point at. */
  readonly protocolVersion?: 0 | 2;
  /** Sends so much of a response and then nothing more. */
  readonly stallAfterBytes?: number;
  /** Does what a push asks for, and then says this in the place of how it went. */
  readonly pushAnswer?: string;
}

interface GitHttpRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly authorized: boolean;
  responseBytes: number;
}

export interface GitHttpServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly GitHttpRequest[];
  /** Lets every later request wait until `resume`. */
  pause(): void;
  resume(): void;
}

function isAuthorized(request: IncomingMessage, auth: GitHttpAuth): boolean {
  const header = request.headers.authorization;
  switch (auth.kind) {
    case "none":
      return true;
    case "basic":
      return header === `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`;
    case "bearer":
      return header === `Bearer ${auth.token}`;
    case "certificate":
      return (request.socket as TLSSocket).authorized;
    default:
      throw new Error(`unhandled authentication: ${String(auth satisfies never)}`);
  }
}

function backendEnvironment(request: IncomingMessage, root: string): Record<string, string> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const header = (name: string) => String(request.headers[name] ?? "");
  return {
    PATH: process.env["PATH"] ?? "",
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "safe.directory",
    GIT_CONFIG_VALUE_0: "*",
    REQUEST_METHOD: request.method ?? "GET",
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: header("content-type"),
    CONTENT_LENGTH: header("content-length"),
    HTTP_CONTENT_ENCODING: header("content-encoding"),
    GIT_PROTOCOL: header("git-protocol"),
    REMOTE_ADDR: "127.0.0.1",
  };
}

/** Splits a CGI response into status, headers and the beginning of the body; undefined while the head is not whole. */
function parseHead(bytes: Buffer): { status: number; headers: [string, string][]; body: Buffer } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const headers = bytes
    .toString("latin1", 0, end)
    .split("\r\n")
    .map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
  const status = headers.find(([name]) => name.toLowerCase() === "status")?.[1] ?? "200";
  return {
    status: Number.parseInt(status, 10),
    headers: headers.filter(([name]) => name.toLowerCase() !== "status"),
    body: bytes.subarray(end + 4),
  };
}

function serveGit(
  options: GitHttpServerOptions,
  { request, response, seen }: { request: IncomingMessage; response: ServerResponse; seen: GitHttpRequest },
): void {
  const environment = backendEnvironment(request, options.root);
  if (options.protocolVersion === 0) environment["GIT_PROTOCOL"] = "";
  const backend = spawn("git", ["http-backend"], {
    env: environment,
    stdio: ["pipe", "pipe", "ignore"],
  });
  let head = Buffer.alloc(0);
  if (
    options.pushAnswer !== undefined &&
    request.method === "POST" &&
    seen.path.endsWith("/git-receive-pack")
  ) {
    backend.stdout.resume();
    backend.once("close", () => {
      response.writeHead(200, { "Content-Type": "application/x-git-receive-pack-result" });
      response.end(options.pushAnswer);
    });
    request.pipe(backend.stdin);
    return;
  }
  backend.stdout.on("data", (chunk: Buffer) => {
    seen.responseBytes += chunk.length;
    if (seen.responseBytes > (options.stallAfterBytes ?? Number.POSITIVE_INFINITY)) return;
    if (response.headersSent) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const parsed = parseHead(head);
    if (parsed === undefined) return;
    response.writeHead(parsed.status, Object.fromEntries(parsed.headers));
    response.write(parsed.body);
  });
  backend.once("close", () => {
    if (seen.responseBytes <= (options.stallAfterBytes ?? Number.POSITIVE_INFINITY)) response.end();
  });
  // A client that goes away in the middle is what some tests are about.
  backend.stdin.on("error", () => undefined);
  response.once("close", () => backend.kill());
  request.pipe(backend.stdin);
}

function refuse(response: ServerResponse, auth: GitHttpAuth): void {
  const scheme = auth.kind === "bearer" ? "Bearer" : 'Basic realm="git"';
  response.writeHead(auth.kind === "certificate" ? 403 : 401, { "WWW-Authenticate": scheme });
  response.end("no\n");
}

/** Serves the repositories under a directory by smart HTTP, through git's own `http-backend`. */
export async function startGitHttpServer(options: GitHttpServerOptions): Promise<GitHttpServer> {
  const auth = options.auth ?? { kind: "none" };
  const requests: GitHttpRequest[] = [];
  let gate = Promise.resolve();
  let open: (() => void) | undefined;
  const listener: RequestListener = (request, response) => {
    const authorized = isAuthorized(request, auth);
    const seen = { method: request.method ?? "", path: request.url ?? "", authorized, responseBytes: 0 };
    requests.push(seen);
    void gate.then(() =>
      authorized ? serveGit(options, { request, response, seen }) : refuse(response, auth),
    );
  };
  const server =
    options.tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer(tlsOptions(options.tls, auth), listener);
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    pause: () => {
      const paused = Promise.withResolvers<void>();
      gate = paused.promise;
      open = paused.resolve;
    },
    resume: () => open?.(),
    [Symbol.asyncDispose]: async () => {
      open?.();
      server.closeAllConnections();
      await close();
    },
  };
}

function tlsOptions(authority: CertificateAuthority, auth: GitHttpAuth) {
  const { certificate, key } = authority.issue({
    subject: { commonName: "localhost" },
    usage: "server",
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
  });
  return {
    cert: certificate,
    key,
    ca: authority.certificate,
    requestCert: auth.kind === "certificate",
    rejectUnauthorized: false,
  };
}
