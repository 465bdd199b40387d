import type { DescMethod } from "@bufbuild/protobuf";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { createTurns } from "#runtime/turns.ts";
import type { ApiMethods, Call, Origin } from "./call.ts";
import { requireFields } from "./contract/codec/index.ts";
import type { ServiceName } from "./contract/methods.ts";
import { methodName, services } from "./contract/methods.ts";

/** Who may come in. */
export interface Gate<Caller> {
  /** Who sends the request; throws API_UNAUTHENTICATED when that is not known and the method is not open to all. */
  readonly admit: (method: DescMethod, origin: Origin) => Promise<Caller>;
  /** Throws when the method has answered without ever asking what the caller may see: a bug of ours that must not let anything out. */
  readonly assertChecked: (method: DescMethod, caller: Caller) => void;
  /** Throws API_UNAUTHENTICATED when who has opened a stream would not be let in any more; asked before everything that it tells. */
  readonly assertStillIn?: (call: Call<Caller>) => Promise<void>;
  /** Counts a stream until what comes back is disposed of; throws API_THROTTLED for one too many. */
  readonly enterStream?: (call: Call<Caller>) => Disposable;
}

/** A request before anybody looks at who sends it; that of a client's stream is undefined. */
export interface Asked {
  readonly method: DescMethod;
  readonly request: JsonObject | undefined;
  readonly origin: Origin;
}

/** Writes down who has asked for what. */
export interface Recorder<Caller> {
  /** Does the work of a request, which says who sends it once that is known; the answer is what the work answers. */
  readonly run: <Answer>(
    asked: Asked,
    work: (admitted: (caller: Caller) => void) => Promise<Answer>,
  ) => Promise<Answer>;
  /** A stream to a client was refused, or has failed; `caller` is undefined when it is not known who opened it. */
  readonly streamFailed: (
    asked: Asked,
    end: { readonly caller: Caller | undefined; readonly error: unknown },
  ) => Promise<void>;
}

/** Runs methods, whatever protocol they are called by. Requests and answers are JSON as `ShapeOf` says. */
export interface Dispatcher {
  readonly unary: (method: DescMethod, request: JsonObject, origin: Origin) => Promise<JsonObject>;
  readonly serverStream: (
    method: DescMethod,
    request: JsonObject,
    origin: Origin,
  ) => AsyncIterable<JsonObject>;
  readonly clientStream: (
    method: DescMethod,
    requests: AsyncIterable<JsonObject>,
    origin: Origin,
  ) => Promise<JsonObject>;
}

/** Streams write for so long before other requests are heard. */
const streamTurnMs = 10;

type Run<Request, Answer> = (request: Request, call: Call<unknown>) => Answer;

/** Nothing is written down without a recorder. */
export function createDispatcher<Caller>(
  methods: ApiMethods<Caller>,
  gate: Gate<Caller>,
  recorder?: Recorder<Caller>,
): Dispatcher {
  const implementations = collect(methods);
  const turns = createTurns({ turnMs: streamTurnMs });
  const find = <Request, Answer>(method: DescMethod): Run<Request, Answer> => {
    const run = implementations.get(method);
    if (run !== undefined) return run as Run<Request, Answer>;
    throw new MooringError("API_UNIMPLEMENTED", `${methodName(method)}: is not there yet`);
  };
  const open = async ({ method, origin }: Asked): Promise<Call<Caller>> => ({
    ...origin,
    method,
    caller: await gate.admit(method, origin),
  });
  const answering = (asked: Asked, answer: (call: Call<Caller>) => Promise<JsonObject>) => {
    const work = async (admitted: (caller: Caller) => void): Promise<JsonObject> => {
      const call = await open(asked);
      admitted(call.caller);
      const answered = await answer(call);
      gate.assertChecked(call.method, call.caller);
      return answered;
    };
    return recorder === undefined ? work(() => undefined) : recorder.run(asked, work);
  };
  return {
    unary: (method, request, origin) =>
      answering({ method, request, origin }, (call) => {
        requireFields(method.input, request);
        return find<JsonObject, Promise<JsonObject>>(method)(request, call);
      }),
    clientStream: (method, requests, origin) =>
      answering({ method, request: undefined, origin }, async (call) => {
        using _counted = gate.enterStream?.(call);
        return await find<AsyncIterable<JsonObject>, Promise<JsonObject>>(method)(requests, call);
      }),
    serverStream: async function* serverStream(method, request, origin) {
      const asked = { method, request, origin };
      let call: Call<Caller> | undefined;
      try {
        call = await open(asked);
        requireFields(method.input, request);
        using _counted = gate.enterStream?.(call);
        for await (const item of find<JsonObject, AsyncIterable<JsonObject>>(method)(request, call)) {
          gate.assertChecked(method, call.caller);
          await gate.assertStillIn?.(call);
          yield item;
          await turns.take();
        }
      } catch (error) {
        await recorder?.streamFailed(asked, { caller: call?.caller, error });
        throw error;
      }
    },
  };
}

function collect<Caller>(methods: ApiMethods<Caller>): ReadonlyMap<DescMethod, unknown> {
  const found = new Map<DescMethod, unknown>();
  for (const [name, implementation] of Object.entries(methods)) {
    const runs = implementation as Readonly<Record<string, unknown>>;
    for (const method of services[name as ServiceName].methods) {
      const run = runs[method.localName];
      if (run !== undefined) found.set(method, run);
    }
  }
  return found;
}
