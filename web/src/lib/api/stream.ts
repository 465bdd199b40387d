import { addressOf } from "./address.ts";
import { ApiError, errorOf, isForbidden, isNotFound, isUnauthenticated } from "./api-error.ts";
import { reach } from "./call.ts";
import type { AnswerOf, MethodOf, RequestOf, ServiceName } from "./contract.ts";

export interface StreamOptions<Answer> {
  readonly onAnswer: (answer: Answer) => void;
  /** False while there is no connection; it is tried again. */
  readonly onConnected?: (isConnected: boolean) => void;
  /** Called before each connection after the first; what was missed meanwhile must be asked for. */
  readonly onReconnect?: () => void;
  /** What no retry can help: the session is over, or it is forbidden. The stream has ended. */
  readonly onEnd?: (error: ApiError | undefined) => void;
  readonly fields?: string | undefined;
  /** False for what ends by itself, such as a log that is not followed. */
  readonly isEndless?: boolean;
  readonly signal: AbortSignal;
}

const firstDelayMs = 500;
const maxDelayMs = 15_000;

/** Follows a stream of the API until the signal aborts, over lost connections and restarts of the server. Never throws. */
export function follow<S extends ServiceName, M extends MethodOf<S>>(
  name: `${S}.${M}`,
  request: RequestOf<S, M>,
  options: StreamOptions<AnswerOf<S, M>>,
): void {
  void run(name, request as Readonly<Record<string, unknown>>, options as StreamOptions<unknown>);
}

async function run(
  name: string,
  request: Readonly<Record<string, unknown>>,
  options: StreamOptions<unknown>,
): Promise<void> {
  const { onConnected, onReconnect, onEnd, isEndless = true, signal } = options;
  let delayMs = firstDelayMs;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    if (attempt > 0) onReconnect?.();
    try {
      await read(name, request, options, () => {
        delayMs = firstDelayMs;
        onConnected?.(true);
      });
      if (!isEndless) {
        if (!signal.aborted) onEnd?.(undefined);
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isUnauthenticated(error) || isForbidden(error) || isNotFound(error) || !isEndless) {
        onEnd?.(error instanceof ApiError ? error : new ApiError(0, "The connection was lost.", error));
        return;
      }
    }
    if (signal.aborted) return;
    onConnected?.(false);
    await pause(delayMs * (0.75 + Math.random() / 2), signal);
    delayMs = Math.min(delayMs * 2, maxDelayMs);
  }
}

async function read(
  name: string,
  request: Readonly<Record<string, unknown>>,
  { onAnswer, fields, signal }: StreamOptions<unknown>,
  onOpen: () => void,
): Promise<void> {
  const { url } = addressOf(name, request, fields);
  const response = await reach(url, { headers: { accept: "application/json" }, signal });
  if (!response.ok) throw await errorOf(response);
  onOpen();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") tell(line, onAnswer);
  }
}

function tell(line: string, onAnswer: (answer: unknown) => void): void {
  const { result, error } = JSON.parse(line) as {
    readonly result?: unknown;
    readonly error?: { readonly code?: number; readonly message?: string };
  };
  if (error !== undefined) throw new ApiError(httpOf(error.code), error.message ?? "The stream broke off.");
  onAnswer(result);
}

/** The HTTP status for the gRPC codes that end a stream for good. */
function httpOf(code: number | undefined): number {
  return code === 16 ? 401 : code === 7 ? 403 : code === 5 ? 404 : 500;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
