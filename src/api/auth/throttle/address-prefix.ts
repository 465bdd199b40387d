import { isIPv4, isIPv6 } from "node:net";

const mapped = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/iu;

/**
 * What one client can change its address within: an IPv4 address itself, the first 64 bits of an IPv6 address. Undefined for what
 * is no address.
 */
export function addressPrefix(address: string): string | undefined {
  const plain = (mapped.exec(address)?.groups?.["v4"] ?? address).replace(/%.*$/u, "");
  if (isIPv4(plain)) return plain;
  if (!isIPv6(plain)) return undefined;
  const [head = "", tail] = plain.split("::");
  const groupsOf = (text: string) => (text === "" ? [] : text.split(":"));
  const first = groupsOf(head);
  // An address that ends in IPv4 notation has one word where two groups are.
  const last = groupsOf(tail ?? "").flatMap((group) => (group.includes(".") ? ["0", "0"] : [group]));
  const filled =
    tail === undefined
      ? first
      : [
          ...first,
          ...Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => "0"),
          ...last,
        ];
  const groups = filled.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(":")}::/64`;
}
