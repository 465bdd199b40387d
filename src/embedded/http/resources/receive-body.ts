import { readBody, requirePlain } from "../body/read-body.ts";
import type { RequestContext } from "../context.ts";

/** The request's body within the server's limits. */
export async function receiveBody({ exchange, serving }: RequestContext): Promise<Buffer> {
  requirePlain(exchange.request);
  return readBody(exchange.request, serving.options.limits, serving.options.clock);
}
