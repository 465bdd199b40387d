import { BlockList, isIP, isIPv4 } from "node:net";
import { createContextKey } from "@connectrpc/connect";
import { MooringError } from "#core/errors/index.ts";

/** Where a gRPC request comes from. */
export const peerKey = createContextKey("", {
  description: "the address at the other end of the connection",
});

/**
 * The client's address, by the address at the other end of the connection and the header `X-Forwarded-For`; undefined when the
 * connection has none any more.
 */
export type AddressOf = (peer: string, forwardedFor: string | undefined) => string | undefined;

export interface AddressOptions {
  /** Addresses and ranges (CIDR) of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Told of the first peer that is no such proxy and sends the header all the same. */
  readonly onUntrusted?: (peer: string) => void;
}

/**
 * Anybody can send `X-Forwarded-For`, and a proxy adds the address that it sees at its right end. So the header counts only where the
 * peer is a trusted proxy, and of its addresses the rightmost that is none itself; what stands left of that, or of something that is no
 * address, anybody could have written. Throws CONFIG_INVALID for a proxy that is neither an address nor a range.
 */
export function createAddressOf({ trustedProxies, onUntrusted }: AddressOptions): AddressOf {
  const isTrusted = rangesOf(trustedProxies);
  let isTold = false;
  return (peer, forwardedFor) => {
    const address = plainAddress(peer);
    if (address === undefined) return peer === "" ? undefined : peer;
    if (forwardedFor === undefined) return address;
    if (!isTrusted(address)) {
      if (!isTold) onUntrusted?.(address);
      isTold = true;
      return address;
    }
    let nearest = address;
    for (const hop of forwardedFor.split(",").toReversed()) {
      const next = plainAddress(hop.trim());
      if (next === undefined) return nearest;
      nearest = next;
      if (!isTrusted(next)) return nearest;
    }
    return nearest;
  };
}

function rangesOf(trusted: readonly string[]): (address: string) => boolean {
  const ranges = new BlockList();
  for (const range of trusted) {
    const [text = "", bits, ...more] = range.split("/");
    const address = plainAddress(text) === text ? text : undefined;
    const width = address === undefined ? 0 : isIPv4(address) ? 32 : 128;
    const length = bits === undefined ? width : /^\d{1,3}$/u.test(bits) ? Number(bits) : -1;
    if (address === undefined || more.length > 0 || length < 0 || length > width) {
      throw new MooringError(
        "CONFIG_INVALID",
        `trusted proxies: ${JSON.stringify(range)} is neither an address nor a range; write such as 10.0.0.0/8 or fd00::/8`,
      );
    }
    ranges.addSubnet(address, length, familyOf(address));
  }
  return (address) => ranges.check(address, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv4(address) ? "ipv4" : "ipv6";
}

const withPort = /^(?:\[(?<v6>[\da-f:.]+)\](?::\d{1,5})?|(?<v4>\d+\.\d+\.\d+\.\d+):\d{1,5})$/iu;
const mapped = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/iu;

/** An address without port, zone and the IPv6 form of IPv4; undefined for what is none. */
function plainAddress(text: string): string | undefined {
  const parts = withPort.exec(text)?.groups;
  const bare = (parts?.["v6"] ?? parts?.["v4"] ?? text).replace(/%.*$/u, "");
  const address = mapped.exec(bare)?.groups?.["v4"] ?? bare;
  return isIP(address) === 0 ? undefined : address;
}
