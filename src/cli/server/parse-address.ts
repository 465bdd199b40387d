import { usageError } from "../usage-error.ts";

/** An address as somebody writes it: HOST, HOST:PORT or what a browser shows. */
export interface NamedAddress {
  /** Without scheme; undefined where none was given. */
  readonly address: string | undefined;
  /** True for http, undefined where nothing says so. */
  readonly plaintext: boolean | undefined;
}

/** Throws CLI_USAGE for one below a path, which says how that is written. */
export function parseAddress(given: string | undefined): NamedAddress {
  const found = /^(?<scheme>https?):\/\/(?<rest>.*)$/iu.exec(given ?? "")?.groups;
  if (found === undefined) return { address: given, plaintext: undefined };
  const [address = "", ...path] = (found["rest"] ?? "").replace(/\/+$/u, "").split("/");
  const plaintext = found["scheme"]?.toLowerCase() === "http" ? true : undefined;
  if (path.length === 0 && address !== "") return { address, plaintext };
  const root = path.join("/").replace(/[?#].*$/u, "");
  const below =
    root === "" ? "" : `, with --grpc-web-root-path ${root} if the server itself is below that path`;
  const without = plaintext === true ? " --plaintext" : "";
  throw usageError(
    `server ${JSON.stringify(given)}: is no address; write ${address === "" ? "HOST:PORT" : address}${without}${below}`,
  );
}
