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
  const values = request as Readonly<Record<string, unknown>>;
  void run(addressOf(name, values, options.fields).url, options as StreamOptions<unknown>);
}

async function run(url: string, options: StreamOptions<unknown>): Promise<void> {
  const { onConnected, onReconnect, onEnd, isEndless = true, signal } = options;
  let delayMs = firstDelayMs;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    if (attempt > 0) onReconnect?.();
    const lost = await connect(url, options, () => {
      delayMs = firstDelayMs;
      onConnected?.(true);
    });
    if (signal.aborted) return;
    if (!isEndless || isFinal(lost)) {
      onEnd?.(lost);
      return;
    }
    onConnected?.(false);
    await pause(delayMs * (0.75 + Math.random() / 2), signal);
    delayMs = Math.min(delayMs * 2, maxDelayMs);
  }
}

function isFinal(error: ApiError | undefined): boolean {
  return isUnauthenticated(error) || isForbidden(error) || isNotFound(error);
}

/** Reads a stream to its end; what ended it, undefined when it ended well. */
async function connect(
  url: string,
  { onAnswer, signal }: StreamOptions<unknown>,
  onOpen: () => void,
): Promise<ApiError | undefined> {
  try {
    const response = await reach(url, { headers: { accept: "application/json" }, signal });
    if (!response.ok) throw await errorOf(response);
    onOpen();
    if (response.body !== null) await readLines(response.body, (line) => tell(line, onAnswer));
    return undefined;
  } catch (error) {
    return error instanceof ApiError ? error : new ApiError(0, "The connection was lost.", error);
  }
}

async function readLines(body: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
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
