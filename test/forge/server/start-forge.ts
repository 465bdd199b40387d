import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import type { CertificateAuthority } from "#embedded/tls/certificates.ts";
import type { ForgeKind } from "#ports/forge.ts";
import type { TestRepository } from "#test/git-servers/index.ts";
import { listenOnLoopback } from "#test/git-servers/loopback.ts";
import type { Answer, Route, Sent } from "./dialect.ts";
import { gitlabRoutes } from "./merge-requests.ts";
import { ForgeModel, Refusal } from "./model.ts";
import { giteaRoutes, githubRoutes } from "./pulls.ts";

interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request is carried out, and the answer is lost on the way. */
  readonly afterwards?: boolean;
}

export interface ForgeServer {
  /** Of the API. */
  readonly url: string;
  readonly model: ForgeModel;
  /** `METHOD path`, in order. */
  readonly requests: string[];
  /** What goes wrong with the next requests of a method. */
  readonly faults: { readonly method: string; readonly fault: Fault }[];
}

interface ForgeOptions {
  readonly kind: ForgeKind;
  readonly token: string;
  /** What proposals are about; a forge without one has comments only. */
  readonly repository?: TestRepository;
  /** Serves HTTPS with a certificate of this authority. */
  readonly tls?: CertificateAuthority;
}

const dialects: Readonly<
  Record<ForgeKind, { readonly bases: readonly string[]; readonly routes: readonly Route[] }>
> = {
  github: { bases: ["/repos/shop/deploy"], routes: githubRoutes },
  gitlab: { bases: ["/projects/42", "/projects/shop%2Fdeploy"], routes: gitlabRoutes },
  gitea: { bases: ["/repos/shop/deploy"], routes: giteaRoutes },
};

const isAllowed: Readonly<Record<ForgeKind, (request: IncomingMessage, token: string) => boolean>> = {
  github: ({ headers }, token) => headers.authorization === `Bearer ${token}`,
  gitlab: ({ headers }, token) => headers["private-token"] === token,
  gitea: ({ headers }, token) => headers.authorization === `token ${token}`,
};

/** The repository `shop/deploy`, which is project 42 of GitLab, as one of three forges serves it over HTTP. */
export async function startForgeServer({ kind, token, repository, tls }: ForgeOptions): Promise<ForgeServer> {
  const forge = {
    model: new ForgeModel(kind, repository),
    requests: [] as string[],
    faults: [] as ForgeServer["faults"][number][],
  };
  const carryOut = async (request: IncomingMessage): Promise<Answer> => {
    if (!isAllowed[kind](request, token)) return [401, { message: "Bad credentials" }];
    const url = new URL(request.url ?? "", "http://forge");
    const base = dialects[kind].bases.find((each) => url.pathname.startsWith(each));
    const below = base === undefined ? undefined : url.pathname.slice(base.length);
    const body = await text(request);
    const sent = (body === "" ? {} : JSON.parse(body)) as Sent;
    for (const { method, path, answer } of dialects[kind].routes) {
      const match = method === request.method && below !== undefined ? path.exec(below) : null;
      const at = Object.fromEntries(
        Object.entries(match?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      );
      if (match !== null) return await answer({ model: forge.model, url, sent, at });
    }
    return [404, { message: "Not Found" }];
  };
  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    try {
      return await carryOut(request);
    } catch (error) {
      const isOurs = error instanceof Refusal;
      return [isOurs ? error.status : 500, { message: error instanceof Error ? error.message : "" }];
    }
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    forge.requests.push(`${request.method} ${request.url}`);
    const at = forge.faults.findIndex(({ method }) => method === request.method);
    const [planned] = at < 0 ? [] : forge.faults.splice(at, 1);
    if (planned?.fault.afterwards === true) await answerTo(request);
    const [status, body] =
      planned === undefined ? await answerTo(request) : [planned.fault.status, { message: "planned" }];
    response.writeHead(status, { "content-type": "application/json", ...planned?.fault.headers });
    response.end(JSON.stringify(body));
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => void serve(request, response);
  const server =
    tls === undefined ? createHttpServer(listener) : createHttpsServer(certificateOf(tls), listener);
  const listening = await listenOnLoopback(server);
  onTestFinished(async () => await listening.close());
  return { ...forge, url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${listening.port}` };
}

function certificateOf(authority: CertificateAuthority) {
  const { certificate, key } = authority.issue({
    subject: { commonName: "localhost" },
    usage: "server",
    dnsNames: ["localhost"],
    ipAddresses: ["127.0.0.1"],
  });
  return { cert: certificate, key };
}
