import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { waitOrAbort } from "#runtime/abort.ts";
import { startHttp1 } from "./http1.ts";
import { startHttp2 } from "./http2.ts";
import type { Transport } from "./transport.ts";

type Protocol = "h2" | "http/1.1";

export interface NegotiateOptions {
  readonly server: string;
  readonly dial: (protocols: readonly Protocol[]) => Promise<Socket>;
  /** For servers that speak HTTP/1.1 only. */
  readonly maxSockets: number;
}

/** HTTP/2 where the server offers it by ALPN (RFC 7301), else HTTP/1.1: many proxies before API servers have no HTTP/2. */
export function startNegotiated(options: NegotiateOptions): Transport {
  let chosen: Promise<Transport> | undefined;
  const choose = async (): Promise<Transport> => {
    let first: Socket | undefined = await options.dial(["h2", "http/1.1"]);
    const dialAgain = async (protocol: Protocol): Promise<Socket> => {
      const socket = first ?? (await options.dial([protocol]));
      first = undefined;
      if (socket.destroyed || protocolOf(socket) === protocol) return socket;
      // The server, or a proxy before it, was exchanged: the next request asks anew.
      chosen = undefined;
      socket.destroy();
      throw Object.assign(new Error(`the server no longer speaks ${protocol}`), { code: "ECONNRESET" });
    };
    const { server, maxSockets } = options;
    return protocolOf(first) === "h2"
      ? startHttp2({ server, dial: () => dialAgain("h2") })
      : startHttp1({ server, maxSockets, dial: () => dialAgain("http/1.1") });
  };
  const current = (): Promise<Transport> => {
    if (chosen === undefined) {
      const choosing = choose();
      chosen = choosing;
      choosing.catch(() => {
        if (chosen === choosing) chosen = undefined;
      });
    }
    return chosen;
  };
  return {
    send: async (request) => (await waitOrAbort(current(), request.signal)).send(request),
    rotate: () => {
      chosen?.then((transport) => transport.rotate(), noTransport);
    },
    [Symbol.asyncDispose]: async () => {
      const transport = await chosen?.catch(noTransport);
      await transport?.[Symbol.asyncDispose]();
    },
  };
}

function protocolOf(socket: Socket): Protocol {
  return socket instanceof TLSSocket && socket.alpnProtocol === "h2" ? "h2" : "http/1.1";
}

// Whoever waited for the connection was told why there is none.
function noTransport(): undefined {
  return undefined;
}
