import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { listenOnLoopback } from "#test/git-servers/loopback.ts";
import type { OpenProposal } from "./proposals.ts";
import { Proposals } from "./proposals.ts";

interface Comment {
  readonly id: number;
  body: string;
  /** Written by somebody else: our token may not change it. */
  readonly foreign: boolean;
}

interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request is carried out, and the answer is lost on the way. */
  readonly afterwards?: boolean;
}

export interface ForgeServer {
  readonly url: string;
  /** Pull or merge requests that are open. */
  readonly proposals: OpenProposal[];
  readonly comments: Comment[];
  /** `METHOD path`, in order. */
  readonly requests: string[];
  /** What goes wrong with the next requests of a method. */
  readonly faults: { readonly method: string; readonly fault: Fault }[];
}

const maxBody = 65_536;

/** The comments of one pull request as GitHub and GitLab serve them. */
export async function startForgeServer(kind: "github" | "gitlab", token: string): Promise<ForgeServer> {
  const proposals = new Proposals(kind);
  const forge = {
    comments: [] as Comment[],
    proposals: proposals.open,
    requests: [] as string[],
    faults: [] as ForgeServer["faults"][number][],
  };
  const base = kind === "github" ? "/repos/shop/deploy/issues" : "/projects/42/merge_requests";
  const isAllowed = ({ headers }: IncomingMessage) =>
    kind === "github" ? headers.authorization === `Bearer ${token}` : headers["private-token"] === token;
  const carryOut = async (request: IncomingMessage): Promise<readonly [number, unknown]> => {
    const url = new URL(request.url ?? "", "http://forge");
    const { pathname, searchParams } = url;
    if (!isAllowed(request)) return [401, { message: "Bad credentials" }];
    if (proposals.serves(pathname)) {
      const sent = request.method === "GET" ? "{}" : await text(request);
      return proposals.answer(request.method, url, JSON.parse(sent) as Readonly<Record<string, string>>);
    }
    const list = kind === "github" ? `${base}/7/comments` : `${base}/7/notes`;
    const one = kind === "github" ? `${base}/comments/` : `${base}/7/notes/`;
    const body = request.method === "GET" ? "" : await text(request);
    const sent = body === "" ? "" : (JSON.parse(body) as { readonly body: string }).body;
    if (sent.length > maxBody) return [422, { message: "body is too long" }];
    if (pathname === list && request.method === "GET") {
      const [page, size] = [Number(searchParams.get("page")), Number(searchParams.get("per_page"))];
      return [200, forge.comments.slice((page - 1) * size, page * size)];
    }
    if (pathname === list && request.method === "POST") {
      forge.comments.push({ id: forge.comments.length + 1_000, body: sent, foreign: false });
      return [201, forge.comments.at(-1)];
    }
    const comment = forge.comments.find(({ id }) => pathname === `${one}${id}`);
    if (comment === undefined) return [404, { message: "Not Found" }];
    if (comment.foreign) return [403, { message: "Forbidden" }];
    if (request.method === "DELETE") forge.comments.splice(forge.comments.indexOf(comment), 1);
    else if (request.method === (kind === "github" ? "PATCH" : "PUT")) comment.body = sent;
    else return [405, { message: "Method Not Allowed" }];
    return [200, comment];
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    forge.requests.push(`${request.method} ${request.url}`);
    const at = forge.faults.findIndex(({ method }) => method === request.method);
    const [planned] = at < 0 ? [] : forge.faults.splice(at, 1);
    if (planned?.fault.afterwards === true) await carryOut(request);
    const [status, body] =
      planned === undefined ? await carryOut(request) : [planned.fault.status, { message: "planned" }];
    response.writeHead(status, { "content-type": "application/json", ...planned?.fault.headers });
    response.end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  const listening = await listenOnLoopback(server);
  onTestFinished(async () => await listening.close());
  return { ...forge, url: `http://127.0.0.1:${listening.port}` };
}
