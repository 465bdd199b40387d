import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAddressOf } from "./peer.ts";

const trustedProxies = ["10.0.0.0/8", "192.0.2.7", "fd00::/8"];

describe("the client's address", () => {
  it.each([
    ["no proxy, no header", "198.51.100.1", undefined, "198.51.100.1"],
    ["a header that the client made up", "198.51.100.1", "203.0.113.9", "198.51.100.1"],
    ["a proxy's header", "10.1.2.3", "203.0.113.9", "203.0.113.9"],
    ["what the client made up, and the proxy's addition", "10.1.2.3", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
    ["two proxies in a row", "10.1.2.3", "1.1.1.1,203.0.113.9, 192.0.2.7", "203.0.113.9"],
    ["a made-up proxy left of the client", "10.1.2.3", "10.9.9.9, 203.0.113.9", "203.0.113.9"],
    ["a client that is among the proxies", "10.1.2.3", "10.9.9.9", "10.9.9.9"],
    ["a proxy that says nothing", "10.1.2.3", undefined, "10.1.2.3"],
    ["an empty header", "10.1.2.3", "", "10.1.2.3"],
    ["no address in the header", "10.1.2.3", "unknown", "10.1.2.3"],
    ["no address left of a proxy", "10.1.2.3", "1.1.1.1, _hidden, 192.0.2.7", "192.0.2.7"],
    ["ports", "10.1.2.3", "203.0.113.9:4711", "203.0.113.9"],
    ["IPv6 with a port", "fd00::1", "[2001:db8::5]:4711", "2001:db8::5"],
    ["IPv4 as IPv6", "::ffff:10.1.2.3", "::ffff:203.0.113.9", "203.0.113.9"],
    ["IPv4 as IPv6, made up", "::ffff:198.51.100.1", "203.0.113.9", "198.51.100.1"],
    ["a neighbour of a proxy", "192.0.2.8", "203.0.113.9", "192.0.2.8"],
    ["a zone", "fe80::1%eth0", "203.0.113.9", "fe80::1"],
    ["a connection that has ended", "", "203.0.113.9", undefined],
  ])("with %s", (_what, ...[peer, header, address]) => {
    expect(createAddressOf({ trustedProxies })(peer ?? "", header)).toBe(address);
  });

  it("is the peer's, whatever the header, when no proxy is trusted", () => {
    const addressOf = createAddressOf({ trustedProxies: [] });
    fc.assert(
      fc.property(fc.ipV4(), fc.string(), (peer, header) => {
        expect(addressOf(peer, header)).toBe(peer);
      }),
    );
  });

  // Class: guessing and floods.
  it("comes out of any header of a proxy, and is what the proxy added", () => {
    const addressOf = createAddressOf({ trustedProxies });
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (header) => {
        expect(addressOf("10.1.2.3", header)).toBeDefined();
        expect(addressOf("10.1.2.3", `${header}, 203.0.113.9`)).toBe("203.0.113.9");
      }),
    );
  });

  it("tells once of a header that is not believed", () => {
    const told: string[] = [];
    const addressOf = createAddressOf({ trustedProxies: [], onUntrusted: (peer) => told.push(peer) });
    for (const peer of ["192.0.2.1", "192.0.2.2"]) addressOf(peer, "203.0.113.9");
    expect(told).toEqual(["192.0.2.1"]);
  });

  it.each(["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "proxy", "", "::/129", "10.0.0.0/-1", "1.2.3.4:80"])(
    "refuses %j as a proxy",
    (range) => {
      expect(() => createAddressOf({ trustedProxies: [range] })).toThrow(
        expect.objectContaining({ code: "CONFIG_INVALID" }),
      );
    },
  );
});
