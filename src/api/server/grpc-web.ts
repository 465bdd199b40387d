import type { UniversalServerResponse } from "@connectrpc/connect/protocol";

const trailerFrame = 0x80;
const frameHeadBytes = 5;

/**
 * What the stock client understands of gRPC-Web: it looks for an error in the headers of the answer, and takes one in the closing
 * frame for a success without an answer. So an answer that is nothing but a closing frame with an error is told in headers.
 */
export async function tellErrorInHeaders(
  response: UniversalServerResponse,
): Promise<UniversalServerResponse> {
  if (response.body === undefined || response.body instanceof Uint8Array) return response;
  const body = response.body[Symbol.asyncIterator]();
  const first = await body.next();
  const chunk: unknown = first.done === true ? undefined : first.value;
  const trailers = chunk instanceof Uint8Array ? trailersOf(chunk) : undefined;
  const status = trailers?.get("grpc-status");
  if (trailers === undefined || status === null || status === undefined || status === "0") {
    return { ...response, body: resume(first, body) };
  }
  await body.return?.();
  const header = new Headers(response.header);
  for (const [name, value] of trailers) header.set(name, name === "grpc-message" ? plainText(value) : value);
  return { status: response.status, header };
}

/** The stock client shows the header as it is, so it is not percent-encoded; what a header cannot hold becomes a blank. */
function plainText(encoded: string): string {
  return decodeURIComponent(encoded).replaceAll(/[^ -~]+/gu, " ");
}

/** The trailers of an answer that begins with the closing frame. */
function trailersOf(chunk: Uint8Array): Headers | undefined {
  if (chunk[0] !== trailerFrame || chunk.byteLength < frameHeadBytes) return undefined;
  const trailers = new Headers();
  for (const line of new TextDecoder().decode(chunk.subarray(frameHeadBytes)).split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return trailers;
}

async function* resume<Item>(first: IteratorResult<Item>, rest: AsyncIterator<Item>): AsyncIterable<Item> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
