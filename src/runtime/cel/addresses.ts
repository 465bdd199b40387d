import { BlockList, isIP } from "node:net";
import type { Environment } from "./library.ts";

/** Functions of URLs, IP addresses and ranges of them. */
export function registerAddresses(environment: Environment): void {
  registerUrls(environment);
  registerIps(environment);
}

class Url {
  readonly url: URL;
  readonly isAbsolute: boolean;

  constructor(text: string) {
    this.isAbsolute = !text.startsWith("/");
    this.url = new URL(text, "http://relative");
  }
}

function isUrl(text: string): boolean {
  if (/\s/.test(text)) return false;
  return text.startsWith("/") || (/^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text));
}

function registerUrls(environment: Environment): void {
  environment.registerType("kubernetes.URL", { ctor: Url });
  environment.registerFunction("isURL(string): bool", isUrl);
  environment.registerFunction("url(string): kubernetes.URL", (text: string) => {
    if (!isUrl(text)) throw new Error(`URL parse error during conversion from string: ${text}`);
    return new Url(text);
  });
  const getter = (method: string, read: (url: URL) => string, ofRelative: boolean): void => {
    environment.registerFunction(`kubernetes.URL.${method}(): string`, ({ url, isAbsolute }: Url) =>
      isAbsolute || ofRelative ? read(url) : "",
    );
  };
  getter("getScheme", (url) => url.protocol.replace(/:$/, ""), false);
  getter("getHost", (url) => url.host, false);
  getter("getHostname", (url) => url.hostname.replace(/^\[|\]$/g, ""), false);
  getter("getPort", (url) => url.port, false);
  getter("getEscapedPath", (url) => url.pathname, true);
}

class Ip {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

class Cidr {
  readonly address: string;
  readonly bits: number;

  constructor(text: string) {
    const [address = "", bits = ""] = text.split("/");
    this.address = address;
    this.bits = Number(bits);
  }
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}

function isCidr(text: string): boolean {
  const [address = "", bits = "", ...more] = text.split("/");
  const max = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= max;
}

function contains(range: Cidr, address: string): boolean {
  const block = new BlockList();
  block.addSubnet(range.address, range.bits, familyOf(range.address));
  return block.check(address, familyOf(address));
}

function registerIps(environment: Environment): void {
  environment.registerType("net.IP", { ctor: Ip });
  environment.registerType("net.CIDR", { ctor: Cidr });
  environment.registerFunction("isIP(string): bool", (text: string) => isIP(text) !== 0);
  environment.registerFunction("isCIDR(string): bool", isCidr);
  environment.registerFunction("ip(string): net.IP", (text: string) => {
    if (isIP(text) === 0)
      throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
    return new Ip(text);
  });
  environment.registerFunction("cidr(string): net.CIDR", (text: string) => {
    if (!isCidr(text)) throw new Error(`network address parse error during conversion from string: ${text}`);
    return new Cidr(text);
  });
  environment.registerFunction("net.IP.family(): int", (ip: Ip) => BigInt(isIP(ip.text)));
  environment.registerFunction("net.CIDR.prefixLength(): int", (range: Cidr) => BigInt(range.bits));
  environment.registerFunction("net.CIDR.containsIP(string): bool", contains);
  environment.registerFunction("net.CIDR.containsIP(net.IP): bool", (range: Cidr, ip: Ip) =>
    contains(range, ip.text),
  );
}
