import { getCACertificates } from "node:tls";
import type { Transport } from "@connectrpc/connect";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { createTransport as createGrpc } from "@connectrpc/connect/protocol-grpc";
import { createTransport as createGrpcWeb } from "@connectrpc/connect/protocol-grpc-web";
import {
  compressionBrotli,
  compressionGzip,
  createNodeHttpClient,
  Http2SessionManager,
} from "@connectrpc/connect-node";
import type { ApiConnection } from "#api/contract/api-client.ts";
import { endpointOf } from "./probe-server.ts";

/** As many as stock clients and servers take. */
const maxMessageBytes = 200 * 1024 * 1024;
const pingIntervalMs = 30_000;

/** Something that is no gRPC answered: a proxy's own page, or a server of another kind. */
export class ForeignAnswer extends Error {
  override readonly name = "ForeignAnswer";
  readonly status: number;

  constructor(
    status: number,
    { type, location }: { readonly type: string; readonly location: string | null },
  ) {
    const to = location === null ? "" : `, which leads to ${originOf(location)}`;
    super(`HTTP ${status} with ${type}${to}`);
    this.status = status;
  }
}

/** The way to a server. */
export interface Way {
  readonly transport: Transport;
  readonly close: () => void;
}

/** By gRPC, or by gRPC-Web over HTTP/1.1. Nothing is sent before the first call. Throws CONFIG_INVALID for an address that is none. */
export function openTransport(connection: ApiConnection): Way {
  const { plaintext, grpcWeb, rootPath } = connection;
  const { host, port } = endpointOf(connection);
  const authority = host.includes(":") ? `[${host}]` : host;
  const origin = `${plaintext ? "http" : "https"}://${authority}:${port}`;
  const nodeOptions = plaintext ? {} : tlsOptions(connection);
  if (grpcWeb || rootPath !== "") {
    const baseUrl = rootPath === "" ? origin : `${origin}/${rootPath}`;
    const httpClient = onlyGrpc(createNodeHttpClient({ httpVersion: "1.1", nodeOptions }));
    return { transport: createGrpcWeb({ ...common, baseUrl, httpClient }), close: () => undefined };
  }
  const sessions = new Http2SessionManager(origin, { pingIntervalMs }, nodeOptions);
  let isBroken = false;
  const http = onlyGrpc(createNodeHttpClient({ httpVersion: "2", sessionProvider: () => sessions }));
  const httpClient: UniversalClientFn = async (request) => {
    try {
      return await http(request);
    } catch (error) {
      isBroken ||= isSessionError(error);
      throw error;
    }
  };
  return {
    transport: createGrpc({ ...common, baseUrl: origin, httpClient }),
    // One that broke ends by itself, and tells of its error only after the call failed: whoever closes it before hears of it as of a crash.
    close: () => (isBroken ? undefined : sessions.abort()),
  };
}

const common = {
  useBinaryFormat: true,
  interceptors: [],
  sendCompression: null,
  acceptCompression: [compressionGzip, compressionBrotli],
  compressMinBytes: 1_024,
  readMaxBytes: maxMessageBytes,
  writeMaxBytes: maxMessageBytes,
};

/** Refuses an answer that is no gRPC before anything of it is read as if it were. */
function onlyGrpc(client: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const response = await client(request);
    const type = response.header.get("content-type") ?? "no content type";
    if (/^application\/grpc\b/iu.test(type) || response.header.has("grpc-status")) return response;
    const location = response.header.get("location");
    // The connection would stay open with what nobody reads.
    await response.body[Symbol.asyncIterator]().return?.();
    throw new ForeignAnswer(response.status, { type: (type.split(";", 1)[0] ?? "").slice(0, 100), location });
  };
}

/** Where somebody is sent, without what stands in the address for them alone. */
function originOf(location: string): string {
  const url = URL.parse(location);
  return url === null ? "another path" : url.origin;
}

/** What came is no HTTP/2. */
export function isSessionError(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ((cause as NodeJS.ErrnoException).code === "ERR_HTTP2_ERROR") return true;
  return false;
}

function tlsOptions({ insecure, authorities, clientCertificate, clientKey }: ApiConnection) {
  return {
    rejectUnauthorized: !insecure,
    ...(authorities === undefined ? {} : { ca: [...getCACertificates("default"), authorities] }),
    ...(clientCertificate === undefined
      ? {}
      : { cert: clientCertificate, key: clientKey ?? clientCertificate }),
  };
}
