import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import type { CertificateAuthority } from "#embedded/tls/certificates.ts";
import { listenOnLoopback } from "../git-servers/loopback.ts";
import { sha256 } from "./pack.ts";

interface SeenRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  /** Whether a client certificate of the server's authority was shown. */
  readonly certified: boolean;
  status: number;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type Answer = Buffer | string | Handler;

export interface WebServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  /** What is at a path, with its query; also changes it. */
  set(path: string, answer: Answer): void;
  /** What is everywhere else, instead of status 404. */
  setDefault(answer: Answer): void;
}

export interface WebServerOptions {
  readonly tls?: CertificateAuthority;
  /** Only who shows this gets an answer. */
  readonly authorization?: string;
  /** Only who shows a client certificate gets an answer. */
  readonly certificates?: boolean;
}

/** Serves what it is told to, with ETags, and remembers who asked. */
export async function startWebServer(options: WebServerOptions = {}): Promise<WebServer> {
  const answers = new Map<string, Answer>();
  const requests: SeenRequest[] = [];
  let everywhere: Answer | undefined;
  const listener: Handler = (request, response) => {
    const path = request.url ?? "/";
    const { authorization } = request.headers;
    const certified = options.tls !== undefined && (request.socket as TLSSocket).authorized;
    const seen: SeenRequest = { path, authorization, certified, status: 0 };
    requests.push(seen);
    response.once("close", () => (seen.status = response.statusCode));
    const refused =
      (options.authorization !== undefined && authorization !== options.authorization) ||
      (options.certificates === true && !certified);
    if (refused) response.writeHead(401).end();
    else send(answers.get(path) ?? everywhere, request, response);
  };
  const server =
    options.tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer(tlsOptions(options.tls), listener);
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    requests,
    set: (path, answer) => void answers.set(path, answer),
    setDefault: (answer) => void (everywhere = answer),
    [Symbol.asyncDispose]: close,
  };
}

function send(answer: Answer | undefined, request: IncomingMessage, response: ServerResponse): void {
  if (answer === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (typeof answer === "function") {
    answer(request, response);
    return;
  }
  const etag = `"${sha256(Buffer.from(answer))}"`;
  if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
  else response.writeHead(200, { etag }).end(answer);
}

export function redirectTo(location: string): Handler {
  return (_request, response) => void response.writeHead(302, { location }).end();
}

function tlsOptions(authority: CertificateAuthority) {
  const { certificate, key } = authority.issue({
    subject: { commonName: "localhost" },
    usage: "server",
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
  });
  return { cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
}
