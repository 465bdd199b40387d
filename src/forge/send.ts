import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { getCACertificates } from "node:tls";
import { MooringError } from "#core/errors/index.ts";

const timeoutMs = 30_000;
const maxAnswerBytes = 32 * 1024 * 1024;

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request and its answer; redirects are not followed. Throws FORGE_REFUSED for an answer without end, and what the network throws. */
export async function send(url: URL, { method, headers, body, ca, signal }: Sent): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    method,
    headers: body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  };
  const request =
    url.protocol === "https:"
      ? requestHttps(url, {
          ...options,
          ...(ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] }),
        })
      : requestHttp(url, options);
  request.once("response", resolve);
  request.on("error", reject);
  request.end(body);
  const response = await promise;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: await readText(response, url),
  };
}

async function readText(response: IncomingMessage, url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswerBytes)
      throw new MooringError(
        "FORGE_REFUSED",
        `forge at ${url.host}: ${url.pathname}: the answer is larger than 32 MiB; check the URL of the API`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
