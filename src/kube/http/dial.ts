import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ClusterConnection } from "#core/cluster/connection.ts";
import { dialProxy } from "#runtime/proxy-socket.ts";
import { connected, endpointOf } from "#runtime/socket.ts";

/** A client certificate as PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface DialOptions {
  readonly connection: ClusterConnection;
  /** Protocols offered by ALPN, best first. */
  readonly protocols: readonly ("h2" | "http/1.1")[];
  readonly certificate: ClientCertificate | undefined;
  readonly timeoutMs: number;
}

// Notices a peer that vanished without a FIN, which a watch would otherwise wait for until its deadline.
const keepAliveMs = 30_000;

/** Opens a socket to the API server, through its proxy where one is configured, with TLS where the URL says https. */
export async function dial(options: DialOptions): Promise<Socket> {
  const { connection, timeoutMs } = options;
  const url = new URL(connection.server);
  const endpoint = endpointOf(url);
  const plain =
    connection.proxyUrl === undefined
      ? await connected(connectTcp({ ...endpoint, noDelay: true }), "connect", timeoutMs)
      : await dialProxy(new URL(connection.proxyUrl), endpoint, timeoutMs);
  plain.setKeepAlive(true, keepAliveMs);
  plain.setNoDelay(true);
  return url.protocol === "https:" ? secure(plain, endpoint.host, options) : plain;
}

function secure(socket: Socket, host: string, options: DialOptions): Promise<Socket> {
  const { tls } = options.connection;
  const name = tls.serverName ?? (isIP(host) === 0 ? host : undefined);
  const certificate = options.certificate;
  const secured = connectTls({
    socket,
    host,
    ...(name === undefined ? {} : { servername: name }),
    ...(tls.caData === undefined ? {} : { ca: tls.caData }),
    ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
    rejectUnauthorized: !tls.insecure,
    ALPNProtocols: [...options.protocols],
  });
  return connected(secured, "secureConnect", options.timeoutMs);
}
