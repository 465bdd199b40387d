import type { AnswerOf, MethodOf, RequestOf, ServiceName } from "./contract.ts";
import { ApiError, errorOf } from "./api-error.ts";
import { addressOf } from "./address.ts";

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** The part of the answer that is wanted, as `docs/lists.md` describes; all of it unless told. */
  readonly fields?: string | undefined;
}

/** Calls a method of the API. Throws ApiError with what the server says, or that it cannot be reached. */
export async function call<S extends ServiceName, M extends MethodOf<S>>(
  name: `${S}.${M}`,
  request: RequestOf<S, M>,
  { signal, fields }: CallOptions = {},
): Promise<AnswerOf<S, M>> {
  const { verb, url, body } = addressOf(name, request as Readonly<Record<string, unknown>>, fields);
  const response = await reach(url, {
    method: verb,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await errorOf(response);
  return (await response.json()) as AnswerOf<S, M>;
}

/** Fetches with the session's cookie. Throws ApiError when nobody answers. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: "same-origin" });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiError(0, "The server cannot be reached.", error);
  }
}
