import { Code, ConnectError } from "@connectrpc/connect";
import type { ApiConnection } from "#api/contract/api-client.ts";
import type { ErrorCode } from "#core/errors/index.ts";
import { MooringError, isAbortError } from "#core/errors/index.ts";
import { abortErrorOf } from "#runtime/abort.ts";
import { probeServer, untrusted } from "./probe-server.ts";
import { ForeignAnswer, isSessionError } from "./transport.ts";

const codes: Partial<Readonly<Record<Code, ErrorCode>>> = {
  [Code.Unauthenticated]: "API_UNAUTHENTICATED",
  [Code.PermissionDenied]: "API_FORBIDDEN",
  [Code.NotFound]: "API_NOT_FOUND",
  [Code.AlreadyExists]: "APP_EXISTS",
  [Code.Aborted]: "KUBE_CONFLICT",
  [Code.InvalidArgument]: "API_INVALID_ARGUMENT",
  [Code.ResourceExhausted]: "API_THROTTLED",
  [Code.Unimplemented]: "API_UNIMPLEMENTED",
  [Code.Unavailable]: "API_UNREACHABLE",
  [Code.DeadlineExceeded]: "API_UNREACHABLE",
};

const certificateErrors =
  /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE/u;

/** What the transport threw, as the command line tells it: which server said it, what, and what to do. */
export async function failureOf(
  error: unknown,
  connection: ApiConnection,
  signal: AbortSignal,
): Promise<unknown> {
  if (signal.aborted) return abortErrorOf(signal);
  const foreign = foreignAnswer(error);
  if (foreign !== undefined) return notAnApi(foreign, connection);
  if (isAbortError(error) || !(error instanceof ConnectError)) return error;
  const { address, loginHint } = connection;
  const subject = `server ${address}: `;
  const certificate = certificateProblem(error);
  if (certificate !== undefined) {
    const probe = await probeServer(connection, signal);
    const fingerprint = probe.tls ? probe.fingerprint : "";
    return untrusted(address, { problem: certificate, fingerprint });
  }
  if (isSessionError(error)) return notAnApi(error, connection);
  const code = codes[error.code] ?? "API_FAILED";
  const said = error.rawMessage;
  if (code === "API_UNAUTHENTICATED") {
    const problem = said.replace(/; log in.*$/u, "");
    return new MooringError(code, `${subject}${problem}; ${loginHint}`, { cause: error });
  }
  // What comes without a cause the server said itself: of something behind it that does not answer.
  if (code === "API_UNREACHABLE" && error.cause !== undefined) {
    const hint = reachHint(connection);
    return new MooringError(code, `${subject}does not answer: ${said}; ${hint}`, { cause: error });
  }
  return new MooringError(code, subject + said, { cause: error });
}

function certificateProblem(error: ConnectError): string | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === "string" && certificateErrors.test(code)) return code;
  }
  return undefined;
}

function foreignAnswer(error: unknown): ForeignAnswer | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ForeignAnswer) return cause;
  return undefined;
}

/** Something answers that is no API server: for a while when it says itself that what is behind it is not there. */
function notAnApi(error: Error, { address, grpcWeb, rootPath }: ApiConnection): MooringError {
  const isPassing = error instanceof ForeignAnswer && (error.status >= 500 || error.status === 429);
  const found = error instanceof ForeignAnswer ? error.message : "no HTTP/2";
  const [way, hint] =
    grpcWeb || rootPath !== ""
      ? [
          "gRPC-Web",
          "--grpc-web-root-path where the server is below a path, and --header where a proxy asks for one",
        ]
      : [
          "gRPC",
          "pass --grpc-web where a proxy does not pass gRPC on, or --grpc-web-root-path where the server is below a path",
        ];
  return new MooringError(
    isPassing ? "API_UNREACHABLE" : "API_FAILED",
    `server ${address}: no API server answers there by ${way}, but ${found}; check the address, ${hint}`,
    { cause: error },
  );
}

function reachHint({ plaintext, grpcWeb }: ApiConnection): string {
  const tls = plaintext ? "leave out --plaintext if it has TLS" : "pass --plaintext if it has no TLS";
  const web = grpcWeb ? "" : ", --grpc-web behind a proxy that does not pass gRPC on";
  return `check the address, and ${tls}${web}`;
}
