import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * `internal`: loopback and private networks, where only what was configured to be there is reached. `forbidden`: where no chart
 * can be but secrets of the machine are, such as the metadata services of clouds.
 */
export type AddressClass = "public" | "internal" | "forbidden";

type Range = readonly [address: string, prefix: number];

const forbidden4: readonly Range[] = [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // The metadata services of Azure and Alibaba, outside the link-local range.
  ["168.63.129.16", 32],
  ["100.100.100.200", 32],
];
const internal4: readonly Range[] = [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["198.18.0.0", 15],
];
const forbidden6: readonly Range[] = [
  ["::", 128],
  ["fe80::", 10],
  ["ff00::", 8],
  ["fd00:ec2::254", 128],
];
const internal6: readonly Range[] = [
  ["::1", 128],
  ["fc00::", 7],
  ["fec0::", 10],
];

function listOf(ranges: readonly Range[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of ranges) list.addSubnet(address, prefix, family);
  return list;
}

const lists = {
  ipv4: { forbidden: listOf(forbidden4, "ipv4"), internal: listOf(internal4, "ipv4") },
  ipv6: { forbidden: listOf(forbidden6, "ipv6"), internal: listOf(internal6, "ipv6") },
};

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const hex = (high: string | undefined, low: string | undefined) =>
    (Number(high) * 256 + Number(low)).toString(16);
  const plain =
    dotted === null ? address : `${dotted[1]}${hex(dotted[2], dotted[3])}:${hex(dotted[4], dotted[5])}`;
  const [head = "", tail] = plain.split("::");
  const parse = (part: string) =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return parse(head);
  const [before, after] = [parse(head), parse(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

/** The IPv4 address that an IPv6 one stands for: mapped, compatible, NAT64 or 6to4. */
function embedded(address: string): string | undefined {
  const groups = groupsOf(address);
  const v4 = (at: number) => {
    const [high = 0, low = 0] = groups.slice(at, at + 2);
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  };
  const startsWith = (...start: number[]) => start.every((group, i) => groups[i] === group);
  if (startsWith(0, 0, 0, 0, 0) && (groups[5] === 0xffff || groups[5] === 0)) {
    return groups[5] === 0 && groups[6] === 0 ? undefined : v4(6);
  }
  if (startsWith(0x64, 0xff9b)) return v4(6);
  return startsWith(0x2002) ? v4(1) : undefined;
}

/** What may be reached at an IP address; what is none counts as forbidden. */
export function classifyAddress(text: string): AddressClass {
  const address = text.replace(/%.*$/, "");
  if (!isIPv4(address) && !isIPv6(address)) return "forbidden";
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  const inner = family === "ipv6" ? embedded(address) : undefined;
  if (inner !== undefined) return classifyAddress(inner);
  if (lists[family].forbidden.check(address, family)) return "forbidden";
  return lists[family].internal.check(address, family) ? "internal" : "public";
}
