import { request as httpRequest } from "node:http";
import type { DescField, DescMessage, DescMethod, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { writeMessage, readMessage } from "#api/contract/codec/index.ts";
import type { Route } from "#api/contract/methods.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewPath } from "#core/object/index.ts";

/** What a server answered, as text: the message of a failure, JSON of an answer, the first one of a stream. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface RestRequest {
  readonly verb: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** A request of a method as a route has it. */
export function restRequest({ verb, path, body }: Route, request: JsonObject): RestRequest {
  const inPath = new Set<string>();
  const pathname = path.replaceAll(/\{([\w.]+)(=\*\*)?\}/gu, (_match, field: string, isRest?: string) => {
    inPath.add(field);
    const value = textOf(viewPath(request, ...field.split(".")));
    return isRest === undefined ? encodeURIComponent(value) : value;
  });
  if (body === "*") return { verb, url: pathname, body: JSON.stringify(request) };
  const query = new URLSearchParams();
  for (const [name, value] of flatten(request, "")) {
    if (!inPath.has(name) && name.split(".")[0] !== body) query.append(name, textOf(value));
  }
  const search = query.size === 0 ? "" : `?${query.toString()}`;
  return { verb, url: `${pathname}${search}`, body: body === "" ? undefined : JSON.stringify(request[body]) };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function flatten(value: JsonObject, prefix: string): readonly (readonly [string, JsonValue])[] {
  return Object.entries(value).flatMap(([name, one]): readonly (readonly [string, JsonValue])[] => {
    if (isJsonObject(one)) return flatten(one, `${prefix}${name}.`);
    return (Array.isArray(one) ? one : [one]).map((item: JsonValue) => [`${prefix}${name}`, item]);
  });
}

/** Sends a request, and reads the whole answer. */
export async function askRest(
  baseUrl: string,
  { verb, url, body }: RestRequest,
  token: string | undefined,
): Promise<Answer> {
  const response = await fetch(`${baseUrl}${url}`, {
    method: verb,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
}

/** The first answer of a stream over REST. */
export async function askRestStream(baseUrl: string, url: string, token: string): Promise<Answer> {
  const response = await fetch(`${baseUrl}${url}`, { headers: { authorization: `Bearer ${token}` } });
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return { status: response.status, text: new TextDecoder().decode(first?.value) };
}

/** Says that a body of so many bytes follows, and sends none of it. */
export async function askWithLength(
  baseUrl: string,
  { verb, url }: RestRequest,
  bytes: number,
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": bytes };
    const request = httpRequest(`${baseUrl}${url}`, { method: verb, headers }, (response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    request.once("error", reject);
    request.flushHeaders();
  });
}

/** Calls a method over gRPC; of a stream the answer is the first one. The status is the code by name. */
export async function askGrpc(
  transport: Transport,
  method: DescMethod,
  { request, token }: { readonly request: JsonObject; readonly token: string | undefined },
): Promise<{ readonly status: string; readonly text: string }> {
  const headers = token === undefined ? {} : { token };
  try {
    const message = writeMessage(method.input, request);
    if (method.methodKind === "unary") {
      const { message: answer } = await transport.unary(
        method as never,
        undefined,
        undefined,
        headers,
        message as never,
      );
      return { status: "OK", text: JSON.stringify(readMessage(method.output, answer as Message)) };
    }
    const stop = new AbortController();
    const { message: answers } = await transport.stream(
      method as never,
      stop.signal,
      undefined,
      headers,
      justOne(message) as never,
    );
    for await (const answer of answers) {
      stop.abort();
      return { status: "OK", text: JSON.stringify(readMessage(method.output, answer as Message)) };
    }
    return { status: "OK", text: "" };
  } catch (error) {
    if (error instanceof ConnectError) return { status: Code[error.code], text: error.rawMessage };
    throw error;
  }
}

async function* justOne(message: Message): AsyncIterable<Message> {
  yield await Promise.resolve(message);
}

interface WrongField {
  readonly name: string;
  readonly request: RestRequest;
}

/** The request with a value that one of its fields cannot hold; undefined when it has no field that has a type to get wrong. */
export function withWrongType(desc: DescMessage, route: Route, request: JsonObject): WrongField | undefined {
  const right = restRequest(route, request);
  if (route.body === "*") {
    const field = desc.fields.find((one) => !route.path.includes(`{${one.name}`));
    if (field === undefined) return undefined;
    const body = JSON.stringify({ ...request, [field.name]: wrongFor(field) });
    return { name: field.name, request: { ...right, body } };
  }
  if (route.body !== "") {
    const field = desc.fields.find((one) => one.name === route.body);
    const inPath = `{${route.body}`;
    // The path wins over what the body says.
    if (route.path.includes(`${inPath}}`)) return undefined;
    const inner = field?.message?.fields.find((one) => !route.path.includes(`${inPath}.${one.name}`));
    const body = inner === undefined ? 1 : { [inner.name]: wrongFor(inner) };
    return { name: inner?.name ?? route.body, request: { ...right, body: JSON.stringify(body) } };
  }
  const field = desc.fields.find((one) => one.fieldKind === "scalar" && one.scalar !== ScalarType.STRING);
  if (field === undefined) return undefined;
  const url = new URL(right.url, "http://localhost");
  url.searchParams.set(field.name, "maybe");
  const inPath = route.path.includes(`{${field.name}}`);
  return {
    name: field.name,
    request: inPath
      ? restRequest(route, { ...request, [field.name]: "maybe" })
      : { ...right, url: `${url.pathname}${url.search}` },
  };
}

function wrongFor(field: DescField): JsonValue {
  if (field.fieldKind === "scalar" && field.scalar !== ScalarType.STRING) return "maybe";
  return 1;
}
