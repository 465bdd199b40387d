import type { ApiConnection } from "#api/contract/api-client.ts";
import { MooringError } from "#core/errors/index.ts";
import { confirm } from "../confirm.ts";
import type { CliPorts } from "../ports.ts";

/**
 * The way to a server as it turns out to be: somebody at a terminal is asked whether to go on without TLS, or with a certificate that is
 * not trusted; others are told which flag says so. Throws API_UNTRUSTED and API_UNREACHABLE.
 */
export async function checkCertificate<Way extends ApiConnection>(way: Way, ports: CliPorts): Promise<Way> {
  if (way.plaintext) return way;
  const { address } = way;
  const found = await ports.probeServer(way);
  if (!found.tls) {
    const question = `Server ${address} has no TLS: everybody on the way can read the password. Go on?`;
    if (await agrees(question, "--plaintext", ports)) return { ...way, plaintext: true };
    throw new MooringError(
      "API_UNTRUSTED",
      `server ${address}: has no TLS; pass --plaintext to go on without`,
    );
  }
  if (found.problem === undefined || way.insecure) return way;
  const question = `The certificate of server ${address} is not trusted (${found.problem}).\nSHA-256 ${found.fingerprint}\nGo on?`;
  if (await agrees(question, "--insecure", ports)) return { ...way, insecure: true };
  throw new MooringError(
    "API_UNTRUSTED",
    `server ${address}: its certificate is not trusted (${found.problem}), SHA-256 ${found.fingerprint}; give its authority with --server-crt FILE, or compare the fingerprint and pass --insecure`,
  );
}

async function agrees(question: string, flag: string, ports: CliPorts): Promise<boolean> {
  return ports.stdin.isTTY && (await confirm(question, { ports, flag }));
}
