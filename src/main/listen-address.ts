import { MooringError } from "#core/errors/index.ts";

/** Where a process listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** Reads `host:port`, with brackets around IPv6. Throws CONFIG_INVALID, which names the flag and what it is for. */
export function parseListenAddress(address: string, flag: string, purpose: string): ListenAddress {
  const [, bracketed, plain = "", digits = ""] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/u.exec(address) ?? [];
  const host = bracketed ?? plain;
  if (host === "" || Number(digits) > 65_535) {
    throw new MooringError(
      "CONFIG_INVALID",
      `${flag} is ${JSON.stringify(address)}; give HOST:PORT, ${purpose}, with port 0 for any free one`,
    );
  }
  return { host, port: Number(digits) };
}

/** The port of a pod's own address; undefined outside of a pod. */
export function ownAddress(
  env: Readonly<Record<string, string | undefined>>,
  port: number,
): string | undefined {
  const ip = env["POD_IP"];
  if (ip === undefined || ip === "") return undefined;
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}
