import { createHash } from "node:crypto";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, rootCertificates } from "node:tls";
import { canonicalJson } from "#core/object/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import { dialProxy } from "#runtime/proxy-socket.ts";
import type { Endpoint } from "#runtime/socket.ts";
import { connected } from "#runtime/socket.ts";
import { checkHost, guardedLookup } from "./guard.ts";

/** How one server is connected to; equal ways share connections. */
export interface Way {
  readonly proxy: string | undefined;
  readonly mayBeInternal: boolean;
  readonly insecure: boolean;
  readonly ca: readonly string[] | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/**
 * The repository's own server gets its settings. Others get neither its client certificate nor its trust in any certificate;
 * its authority counts beside the public ones, because a house's servers often share one.
 */
export function wayTo(
  access: RegistryAccess,
  to: {
    readonly own: boolean;
    readonly related: boolean;
    readonly mayBeInternal: boolean;
    readonly proxy: string | undefined;
  },
): Way {
  const { credentials, caCertificates } = access;
  const own = caCertificates === undefined ? undefined : [caCertificates];
  const shown = to.own && credentials.kind === "tls" ? credentials : undefined;
  return {
    proxy: to.proxy,
    mayBeInternal: to.mayBeInternal,
    insecure: (to.own || to.related) && access.insecureSkipVerify,
    ca: to.own || own === undefined ? own : [...rootCertificates, ...own],
    certificate: shown?.certificate,
    key: shown?.key,
  };
}

type AnyAgent = HttpAgent | HttpsAgent;
type Connected = Parameters<AnyAgent["createConnection"]>[1];

function proxyUrlOf(text: string): URL {
  const url = URL.parse(text);
  if (url !== null) return url;
  throw new Error("the proxy's URL cannot be read; correct the repository's proxy");
}

/** Kept-alive connections, one pool for each way to connect. */
export class Connections implements Disposable {
  readonly #agents = new Map<string, AnyAgent>();
  readonly #connectTimeoutMs: number;

  constructor(connectTimeoutMs: number) {
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  [Symbol.dispose](): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  agentFor(way: Way, protocol: string): AnyAgent {
    const text = canonicalJson({
      protocol,
      proxy: way.proxy ?? "",
      mayBeInternal: way.mayBeInternal,
      insecure: way.insecure,
      ca: [...(way.ca ?? [])],
      certificate: way.certificate ?? "",
      key: way.key ?? "",
    });
    const name = createHash("sha256").update(text).digest("base64");
    const found = this.#agents.get(name);
    if (found !== undefined) return found;
    const agent = this.#startAgent(way, protocol);
    this.#agents.set(name, agent);
    return agent;
  }

  #startAgent(way: Way, protocol: string): AnyAgent {
    const settings = { keepAlive: true, timeout: 30_000, maxFreeSockets: 2 } as const;
    const agent: AnyAgent = protocol === "https:" ? new HttpsAgent(settings) : new HttpAgent(settings);
    agent.createConnection = (options, done) => {
      const host = String(options.host ?? "").replace(/^\[(.*)\]$/, "$1");
      const target = { host, port: Number(options.port ?? (protocol === "https:" ? 443 : 80)) };
      void this.#dialInto(done, async () => await this.#dial(way, protocol, target));
      return undefined;
    };
    return agent;
  }

  async #dialInto(done: Connected, dial: () => Promise<Socket>): Promise<void> {
    try {
      done?.(null, await dial());
    } catch (error) {
      // With an error Node reads no socket.
      done?.(error instanceof Error ? error : new Error(String(error)), undefined as never);
    }
  }

  async #dial(way: Way, protocol: string, target: Endpoint): Promise<Socket> {
    const timeoutMs = this.#connectTimeoutMs;
    checkHost(target.host, way.mayBeInternal);
    const plain =
      way.proxy === undefined
        ? await connected(
            connectTcp({ ...target, noDelay: true, lookup: guardedLookup(way.mayBeInternal) }),
            "connect",
            timeoutMs,
          )
        : await dialProxy(proxyUrlOf(way.proxy), target, timeoutMs);
    if (protocol !== "https:") return plain;
    const secured = connectTls({
      socket: plain,
      host: target.host,
      ...(isIP(target.host) === 0 && { servername: target.host }),
      ...(way.ca !== undefined && { ca: [...way.ca] }),
      ...(way.certificate !== undefined && { cert: way.certificate }),
      ...(way.key !== undefined && { key: way.key }),
      rejectUnauthorized: !way.insecure,
      ALPNProtocols: ["http/1.1"],
    });
    return await connected(secured, "secureConnect", timeoutMs);
  }
}
