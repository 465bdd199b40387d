import type { DescMethod, DescMethodServerStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { ApiCalls, ApiClient, ApiConnection } from "#api/contract/api-client.ts";
import { readMessage, writeMessage } from "#api/contract/codec/index.ts";
import { services } from "#api/contract/methods.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { failureOf } from "./failure.ts";
import { openTransport } from "./transport.ts";

const timeoutMs = 180_000;

/** A client of a server; nothing is sent before the first call. Throws CONFIG_INVALID for an address that is none. */
export function connectApi(connection: ApiConnection): ApiClient {
  const { transport, close } = openTransport(connection);
  const ask = Object.fromEntries(
    Object.entries(services).map(([name, service]) => [
      name,
      Object.fromEntries(
        service.methods.map((method) => [method.localName, callOf(method, { transport, connection })]),
      ),
    ]),
  ) as unknown as ApiCalls;
  return {
    address: connection.address,
    ask,
    [Symbol.asyncDispose]: () => {
      close();
      return Promise.resolve();
    },
  };
}

interface CallContext {
  readonly transport: Transport;
  readonly connection: ApiConnection;
}

type Call = (request: JsonObject, signal: AbortSignal) => Promise<JsonObject> | AsyncIterable<JsonObject>;

function callOf(method: DescMethod, context: CallContext): Call {
  switch (method.methodKind) {
    case "unary":
      return (request, signal) => askOnce(method as DescMethodUnary, { ...context, request, signal });
    case "server_streaming":
      return (request, signal) =>
        listen(method as DescMethodServerStreaming, { ...context, request, signal });
    case "client_streaming":
    case "bidi_streaming":
      return () => Promise.reject(new Error(`${method.name}: streams of requests are not sent from here`));
  }
}

interface Asked extends CallContext {
  readonly request: JsonObject;
  readonly signal: AbortSignal;
}

async function askOnce(
  method: DescMethodUnary,
  { transport, connection, request, signal }: Asked,
): Promise<JsonObject> {
  const message = writeMessage(method.input, request);
  try {
    const answer = await transport.unary(method, signal, timeoutMs, headersOf(connection), message);
    return readMessage(method.output, answer.message);
  } catch (error) {
    throw await failureOf(error, connection, signal);
  }
}

async function* listen(
  method: DescMethodServerStreaming,
  { transport, connection, request, signal }: Asked,
): AsyncIterable<JsonObject> {
  const message = writeMessage(method.input, request);
  try {
    const answer = await transport.stream(method, signal, undefined, headersOf(connection), once(message));
    for await (const one of answer.message) yield readMessage(method.output, one);
  } catch (error) {
    throw await failureOf(error, connection, signal);
  }
}

async function* once<Item>(item: Item): AsyncIterable<Item> {
  yield await Promise.resolve(item);
}

/** Throws API_UNAUTHENTICATED for a token that cannot be sent. */
function headersOf({ address, headers, token, loginHint }: ApiConnection): Headers {
  const sent = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
  // Both, as stock clients send it: proxies in between may take either for themselves.
  if (token !== undefined && token !== "") {
    const at = token.search(/[^\x21-\x7E]/u);
    if (at >= 0) {
      throw new MooringError(
        "API_UNAUTHENTICATED",
        `server ${address}: the token has a character at place ${at + 1} that no token has, so that it cannot be sent; ${loginHint}`,
      );
    }
    sent.set("token", token);
    sent.set("authorization", `Bearer ${token}`);
  }
  return sent;
}
