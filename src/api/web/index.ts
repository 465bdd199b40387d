import type { ApiContext } from "../context.ts";
import { describeApi } from "../openapi/describe-api.ts";
import type { WebHandler } from "../server/serve.ts";
import type { WebAnswer } from "./answer.ts";
import { answerGet } from "./answer.ts";
import { apiPageStyle, drawApiPage } from "./api-page.ts";
import { answerBadge } from "./badge.ts";

type Page = (query: URLSearchParams) => WebAnswer;

/** What anybody may read, and is no method: the description of the API, badges, and whether the server is well. */
export function webHandlers(context: ApiContext): readonly WebHandler[] {
  let described: { readonly json: string; readonly page: string } | undefined;
  const describe = () => {
    if (described !== undefined) return described;
    const document = describeApi(context.version);
    described = { json: JSON.stringify(document), page: drawApiPage(document) };
    return described;
  };
  const html = "text/html; charset=utf-8";
  const pages: ReadonlyMap<string, Page> = new Map<string, Page>([
    ["/swagger.json", () => ({ type: "application/json", text: describe().json })],
    ["/swagger-ui", () => ({ type: html, text: describe().page })],
    ["/swagger-ui/style.css", () => ({ type: "text/css; charset=utf-8", text: apiPageStyle })],
    ["/api/badge", (query) => answerBadge(context, query)],
    ["/healthz", () => answerHealth(context)],
  ]);
  return [
    (request, response) => {
      const address = URL.parse(request.url ?? "/", "http://localhost");
      const page = address === null ? undefined : pages.get(address.pathname);
      if (address === null || page === undefined) return Promise.resolve(false);
      return Promise.resolve(answerGet(request, response, () => page(address.searchParams)));
    },
  ];
}

/** Well is a server that follows who may come in. */
function answerHealth({ authenticator, audit }: ApiContext): WebAnswer {
  const type = "text/plain; charset=utf-8";
  const problem = audit.problem();
  const detail = problem === undefined ? "" : `${problem}: see the server's log\n`;
  if (!authenticator.failed.aborted) return { type, text: `ok\n${detail}` };
  return {
    status: 503,
    type,
    text: "settings and accounts are not followed any more: see the server's log\n",
  };
}
