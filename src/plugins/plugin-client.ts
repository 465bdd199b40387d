import { createHash } from "node:crypto";
import { type ClientHttp2Session, connect } from "node:http2";
import { connect as connectSocket } from "node:net";
import type { Client } from "@connectrpc/connect";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { MooringError } from "#core/errors/index.ts";
import { abortErrorOf } from "#runtime/abort.ts";
import { ConfigManagementPluginService } from "./gen/plugin/plugin_pb.ts";

/** Argo CD sends the same. */
const chunkBytes = 1024;
/** What a plugin prints; more than a render may give. */
const maxAnswerBytes = 128 * 1024 * 1024;
const maxMessageTextLength = 2_000;

export interface PluginArchive {
  readonly content: Buffer;
  /** The application's directory inside of it. */
  readonly path: string;
  readonly appName: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

export interface PluginCall {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One plugin's sidecar. Throws MooringError with a `RENDER_` code, or AbortError. */
export interface PluginClient extends Disposable {
  /** Whether it has discovery rules at all; cheap. */
  hasDiscovery(call: PluginCall): Promise<boolean>;
  matches(archive: PluginArchive, call: PluginCall): Promise<boolean>;
  generate(archive: PluginArchive, call: PluginCall): Promise<readonly string[]>;
}

/** The sidecar that listens on a Unix socket, by the protocol of Argo CD's config management plugins (version 2). */
export function createPluginClient(name: string, socketPath: string): PluginClient {
  const sessions = createSessions(socketPath);
  const transport = createGrpcTransport({
    baseUrl: sessions.authority,
    readMaxBytes: maxAnswerBytes,
    sessionManager: sessions,
  });
  const client: Client<typeof ConfigManagementPluginService> = createClient(
    ConfigManagementPluginService,
    transport,
  );
  const guarded = async <T>(work: () => Promise<T>, { signal }: PluginCall): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw abortErrorOf(signal);
      throw describe(name, error);
    }
  };
  return {
    hasDiscovery: (call) =>
      guarded(async () => (await client.checkPluginConfiguration({}, call)).isDiscoveryConfigured, call),
    matches: (archive, call) =>
      guarded(async () => (await client.matchRepository(send(archive), call)).isSupported, call),
    generate: (archive, call) =>
      guarded(async () => (await client.generateManifest(send(archive), call)).manifests, call),
    [Symbol.dispose]: () => sessions[Symbol.dispose](),
  };
}

type SessionManager = NonNullable<Parameters<typeof createGrpcTransport>[0]["sessionManager"]>;

/**
 * A connection for each request: a sidecar may go away between two of them, and a shared connection that ends
 * without a request has nobody to tell, so that its error would end the process.
 */
function createSessions(socketPath: string): SessionManager & Disposable {
  // The host is a name for the request's headers only: the connection goes to the socket.
  const authority = "http://localhost";
  const open = new Set<ClientHttp2Session>();
  return {
    authority,
    request: (method, path, headers) => {
      const session = connect(authority, { createConnection: () => connectSocket(socketPath) });
      open.add(session);
      session.once("close", () => open.delete(session));
      const stream = session.request({ ...headers, ":method": method, ":path": path });
      // Whatever ends the session ends its request too, with the same error, which the caller hears of there.
      session.on("error", (error) => stream.destroy(error));
      stream.once("close", () => session.close());
      return Promise.resolve(stream);
    },
    notifyResponseByteRead: () => undefined,
    [Symbol.dispose]: () => {
      for (const session of open) session.destroy();
    },
  };
}

async function* send({ content, path, appName, env }: PluginArchive) {
  const checksum = createHash("sha256").update(content).digest("hex");
  const size = BigInt(content.length);
  const value = { appName, appRelPath: path, checksum, size, env: [...env] };
  yield { request: { case: "metadata" as const, value } };
  for (let at = 0; at < content.length; at += chunkBytes) {
    yield { request: { case: "file" as const, value: { chunk: content.subarray(at, at + chunkBytes) } } };
  }
}

function describe(name: string, error: unknown): MooringError {
  const { code, rawMessage } = ConnectError.from(error);
  const reason = rawMessage.slice(0, maxMessageTextLength);
  if (code === Code.DeadlineExceeded) {
    return new MooringError(
      "RENDER_TIMEOUT",
      `plugin ${name}: gave no answer in time; make it faster, or raise the limit`,
      { cause: error },
    );
  }
  if (code === Code.Unavailable || code === Code.Aborted) {
    return new MooringError(
      "RENDER_PLUGIN_UNREACHABLE",
      `plugin ${name}: its sidecar does not answer (${reason}); look at its container`,
      { cause: error },
    );
  }
  const known = code === Code.ResourceExhausted ? "RENDER_TOO_LARGE" : "RENDER_INVALID";
  return new MooringError(known, `plugin ${name}: ${reason}`, { cause: error });
}
