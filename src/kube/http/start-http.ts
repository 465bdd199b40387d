import type { ClusterConnection } from "#core/cluster/connection.ts";
import type { Clock } from "#runtime/clock.ts";
import { type Credential, type Credentials, startCredentials } from "../config/credentials.ts";
import { type KubeClient, startClient } from "./client.ts";
import { dial } from "./dial.ts";
import { startNegotiated } from "./negotiate.ts";
import type { Transport } from "./transport.ts";

export interface HttpOptions {
  readonly clock: Clock;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  /** Connections for requests to a server without HTTP/2; watches have their own. */
  readonly maxSockets: number;
  readonly connectTimeoutMs: number;
  /** Carries everything instead of the network. */
  readonly transport?: Transport;
}

export interface KubeHttp extends AsyncDisposable {
  readonly client: KubeClient;
}

/** The connections to one API server: one transport for requests and one for watches, so that neither waits for the other. */
export function startHttp(connection: ClusterConnection, options: HttpOptions): KubeHttp {
  const credentials = startCredentials(connection, options.clock);
  const open = (maxSockets: number): Transport =>
    options.transport ??
    startNegotiated({
      server: connection.server,
      maxSockets,
      dial: async (protocols) => {
        const { certificate } = await credentials.read(AbortSignal.timeout(options.connectTimeoutMs));
        return dial({ connection, protocols, certificate, timeoutMs: options.connectTimeoutMs });
      },
    });
  const transport = open(options.maxSockets);
  const streamTransport = open(Infinity);
  const rotate = (): void => {
    transport.rotate();
    streamTransport.rotate();
  };
  return {
    client: startClient({
      connection,
      transport,
      streamTransport,
      credentials: onNewCertificate(credentials, rotate),
      clock: options.clock,
      random: options.random,
    }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([transport[Symbol.asyncDispose](), streamTransport[Symbol.asyncDispose]()]);
    },
  };
}

/** A TLS connection keeps the certificate it was made with: a plugin's new one needs new connections. */
function onNewCertificate(credentials: Credentials, rotate: () => void): Credentials {
  let last: Credential["certificate"];
  return {
    forget: () => credentials.forget(),
    read: async (signal) => {
      const credential = await credentials.read(signal);
      const { certificate } = credential;
      if (last !== undefined && certificate?.certificate !== last.certificate) rotate();
      last = certificate;
      return credential;
    },
  };
}
