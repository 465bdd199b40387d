import type { TLSSocket } from "node:tls";
import { connect } from "node:tls";
import type { ApiConnection, ServerProbe } from "#api/contract/api-client.ts";
import { MooringError, messageOf } from "#core/errors/index.ts";
import { abortErrorOf } from "#runtime/abort.ts";

const probeTimeoutMs = 30_000;

/** Host and port; 443 where none is named, 80 without TLS. Throws CONFIG_INVALID. */
export function endpointOf({ address, plaintext }: Pick<ApiConnection, "address" | "plaintext">): {
  readonly host: string;
  readonly port: number;
} {
  let url: URL;
  try {
    url = new URL(`${plaintext ? "http" : "https"}://${address}`);
  } catch (error) {
    throw new MooringError(
      "CONFIG_INVALID",
      `server ${JSON.stringify(address)}: is no address; write HOST or HOST:PORT, without https://`,
      { cause: error },
    );
  }
  const fallback = plaintext ? 80 : 443;
  return {
    host: url.hostname.replaceAll(/^\[|\]$/gu, ""),
    port: url.port === "" ? fallback : Number(url.port),
  };
}

/** How a server's certificate looks to who would check it; nothing is sent to it. Throws API_UNREACHABLE. */
export async function probeServer(connection: ApiConnection, signal: AbortSignal): Promise<ServerProbe> {
  const { host, port } = endpointOf({ ...connection, plaintext: false });
  const socket = connect({
    host,
    port,
    ALPNProtocols: ["h2", "http/1.1"],
    ...(/^[\d.]+$|:/u.test(host) ? {} : { servername: host }),
    ...(connection.authorities === undefined ? {} : { ca: connection.authorities }),
    // Whether it is in order is what is asked; nothing is sent over this connection.
    rejectUnauthorized: false,
  });
  try {
    return await probed(socket, { address: connection.address, signal });
  } finally {
    socket.destroy();
  }
}

async function probed(
  socket: TLSSocket,
  { address, signal }: { readonly address: string; readonly signal: AbortSignal },
): Promise<ServerProbe> {
  const { promise, resolve, reject } = Promise.withResolvers<ServerProbe>();
  const onAbort = (): void => reject(abortErrorOf(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  socket.setTimeout(probeTimeoutMs, () =>
    reject(unreachable(address, `no answer within ${probeTimeoutMs / 1_000} s`)),
  );
  socket.once("error", (error: NodeJS.ErrnoException) => {
    // What answers, but not with TLS, ends the handshake or says something else.
    if (/^ERR_SSL|^EPROTO/u.test(error.code ?? "") || error.code === "ECONNRESET") resolve({ tls: false });
    else reject(unreachable(address, messageOf(error), error));
  });
  socket.once("secureConnect", () => {
    const problem = socket.authorized ? undefined : String(socket.authorizationError);
    resolve({ tls: true, problem, fingerprint: socket.getPeerCertificate().fingerprint256 ?? "" });
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function unreachable(address: string, problem: string, cause?: Error): MooringError {
  return new MooringError(
    "API_UNREACHABLE",
    `server ${address}: does not answer: ${problem}; check the address and that the server runs`,
    cause === undefined ? {} : { cause },
  );
}

/** What somebody is told of a certificate that is not trusted. */
export function untrusted(
  address: string,
  { problem, fingerprint }: { readonly problem: string; readonly fingerprint: string },
): MooringError {
  return new MooringError(
    "API_UNTRUSTED",
    `server ${address}: its certificate is not trusted (${problem}; SHA-256 ${fingerprint}); give its authority with --server-crt FILE, or compare the fingerprint and pass --insecure`,
  );
}
