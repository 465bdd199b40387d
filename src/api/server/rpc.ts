import type {
  DescMethod,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  Message,
} from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { ConnectError, createConnectRouter } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { compressionGzip } from "@connectrpc/connect-node";
import type { JsonObject } from "#core/object/index.ts";
import { failureOf } from "../answer-code.ts";
import type { Origin } from "../call.ts";
import { readMessage, writeMessage } from "../contract/codec/index.ts";
import { services } from "../contract/methods.ts";
import type { Dispatcher } from "../dispatch.ts";
import type { AddressOf } from "./peer.ts";
import { peerKey } from "./peer.ts";

export interface RpcOptions {
  /** A message that is longer is refused before it is read. */
  readonly maxMessageBytes: number;
  readonly addressOf: AddressOf;
  readonly onBug: (error: unknown) => void;
  /** Aborts when the server is being stopped. */
  readonly signal: AbortSignal;
}

/** The handlers of every method over gRPC and gRPC-Web, by path. */
export function createRpcHandlers(
  dispatcher: Dispatcher,
  { maxMessageBytes, addressOf, onBug, signal }: RpcOptions,
): ReadonlyMap<string, UniversalHandler> {
  const router = createConnectRouter({
    connect: false,
    acceptCompression: [compressionGzip],
    readMaxBytes: maxMessageBytes,
    shutdownSignal: signal,
  });
  const told = (error: unknown): ConnectError => {
    if (error instanceof ConnectError) return error;
    const { message, code } = failureOf(error, onBug);
    return new ConnectError(message, code);
  };
  const originOf = (context: HandlerContext) => readOrigin(context, addressOf);
  for (const service of Object.values(services)) {
    for (const method of service.methods) register(router, { method, dispatcher, originOf, told });
  }
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}

interface Registration {
  readonly method: DescMethod;
  readonly dispatcher: Dispatcher;
  readonly originOf: (context: HandlerContext) => Origin;
  readonly told: (error: unknown) => ConnectError;
}

type Router = ReturnType<typeof createConnectRouter>;

function register(router: Router, { method, dispatcher, originOf, told }: Registration): void {
  const read = (message: Message): JsonObject => readMessage(method.input, message);
  const write = (answer: JsonObject): Message => writeMessage(method.output, answer);
  const asking = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await ask();
    } catch (error) {
      throw told(error);
    }
  };
  switch (method.methodKind) {
    case "unary":
      router.rpc(method as DescMethodUnary, (message, context) =>
        asking(() => dispatcher.unary(method, read(message), originOf(context)).then(write)),
      );
      break;
    case "server_streaming":
      router.rpc(method as DescMethodServerStreaming, async function* stream(message, context) {
        try {
          for await (const item of dispatcher.serverStream(method, read(message), originOf(context))) {
            yield write(item);
          }
        } catch (error) {
          throw told(error);
        }
      });
      break;
    case "client_streaming":
      router.rpc(method as DescMethodClientStreaming, (messages, context) =>
        asking(() => dispatcher.clientStream(method, readAll(messages, read), originOf(context)).then(write)),
      );
      break;
    case "bidi_streaming":
      throw new Error(`${method.name}: ${method.methodKind} is not served`);
  }
}

async function* readAll(
  messages: AsyncIterable<Message>,
  read: (message: Message) => JsonObject,
): AsyncIterable<JsonObject> {
  for await (const message of messages) yield read(message);
}

function readOrigin({ requestHeader, signal, values }: HandlerContext, addressOf: AddressOf): Origin {
  const header = <Name extends string>(name: Name) => {
    const value = requestHeader.get(name);
    return value === null ? {} : { [name]: value };
  };
  const peer = values.get(peerKey);
  return {
    credentials: { ...header("authorization"), ...header("cookie"), ...header("token") },
    peer,
    address: addressOf(peer, requestHeader.get("x-forwarded-for") ?? undefined),
    userAgent: requestHeader.get("user-agent") ?? "",
    setCookies: () => undefined,
    signal,
  };
}
