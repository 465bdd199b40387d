import { expect, it } from "vitest";
import { classifyAddress } from "./address-class.ts";

it.for([
  [
    "public",
    "1.1.1.1 93.184.216.34 172.32.0.1 2606:4700::1111 64:ff9b::101:101 ::ffff:8.8.8.8 2002:808:808::1",
  ],
  [
    "internal",
    "127.0.0.1 127.9.9.9 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 ::1 fd12::1 fec0::1",
  ],
  ["internal", "::ffff:127.0.0.1 ::ffff:7f00:1 64:ff9b::a00:1 2002:c0a8:101::1 ::127.0.0.1"],
  [
    "forbidden",
    "0.0.0.0 0.1.2.3 169.254.169.254 192.0.0.192 168.63.129.16 100.100.100.200 224.0.0.1 255.255.255.255",
  ],
  [
    "forbidden",
    ":: fe80::1 fe80::1%eth0 ff02::1 fd00:ec2::254 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe 64:ff9b::a9fe:a9fe",
  ],
  ["forbidden", "localhost 1.2.3 0x7f.1 2130706433"],
] as const)("takes as %s: %s", ([expected, addresses]) => {
  const wrong = addresses.split(" ").filter((address) => classifyAddress(address) !== expected);
  expect(wrong).toEqual([]);
});
