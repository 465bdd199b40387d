import type { RequestContext } from "../context.ts";
import { methodNotAllowed, notAcceptable, unknownPath } from "../errors.ts";
import { headerOf } from "../exchange.ts";
import { acceptsType, parseAccept } from "../negotiate/accept.ts";
import { tagText } from "./documents.ts";
import { sendTagged } from "./serve-discovery.ts";

const yearMs = 365 * 24 * 3600 * 1000;
const index = "/openapi/v3";

/** `/openapi/v2` and `/openapi/v3` as JSON; what the index names by its present hash may be cached for ever. */
export async function serveOpenApi(context: RequestContext): Promise<void> {
  const { exchange, info, serving } = context;
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed();
  const text = serving.options.openApi(info.path);
  if (text === undefined) throw unknownPath();
  requireAcceptable(headerOf(exchange, "accept"));
  const { response, clock } = exchange;
  response.setHeader("vary", "Accept");
  if (isCurrent(context)) {
    response.setHeader("cache-control", "public, immutable");
    response.setHeader("expires", new Date(clock.now() + yearMs).toUTCString());
  }
  await sendTagged(exchange, tagText(text), "application/json");
}

function isCurrent({ exchange, info, serving }: RequestContext): boolean {
  const hash = exchange.query.get("hash") ?? "";
  if (hash === "" || info.path === index) return false;
  return serving.options.openApi(index)?.includes(`"${info.path}?hash=${hash}"`) === true;
}

/** Clients that would rather have protobuf, but take JSON too, get JSON. */
function requireAcceptable(accept: string | undefined): void {
  if (accept === undefined || accept.trim() === "") return;
  if (!parseAccept(accept).some((clause) => acceptsType(clause, "application", "json"))) {
    throw notAcceptable(["application/json"]);
  }
}
