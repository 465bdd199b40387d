import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { Subject } from "../registry-error.ts";
import { chartError } from "../registry-error.ts";
import { RefusedAddress } from "./guard.ts";

const untrusted: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "chains to an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "chains to an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT: "chains to an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "chains to an unknown authority",
  CERT_SIGNATURE_FAILURE: "is not signed by the known authority",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another name",
};

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; check the address",
  ENOTFOUND: "the host name is unknown; check the address",
  EAI_AGAIN: "the host name cannot be resolved now; check DNS",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  HPE_INVALID_CONSTANT: "it does not speak HTTP; check the port",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS; check the port and https in the URL",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS; check the port and https in the URL",
  EHOSTUNREACH: "no route to the host; check network and firewall",
  ENETUNREACH: "no route to the network",
};

export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Of several addresses that all failed, the first failure tells enough. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

/** The error of a request that got no answer; what is translated already, and an abort, pass through. */
export function translateNetworkError(subject: Subject, host: string, error: unknown): Error {
  if (isMooringError(error) || (error instanceof Error && isAbortError(error))) return error;
  const cause = firstOf(error);
  const code = codeOf(cause);
  if (cause instanceof RefusedAddress) {
    const text = `${cause.message}, and only the repository's own host may be at one; use the final public URL, or permit the host with MOORING_REGISTRY_INTERNAL_HOSTS`;
    return chartError("CHART_REFUSED", subject, { text, cause });
  }
  const certificate = untrusted[code];
  if (certificate !== undefined) {
    const text = `the certificate of ${host} ${certificate}; add its CA to argocd-tls-certs-cm`;
    return chartError("CHART_UNTRUSTED", subject, { text, cause });
  }
  if (/alert (?:handshake failure|bad certificate|certificate required|unknown ca)/i.test(messageOf(cause))) {
    const text = `${host} wants a client certificate that it trusts; check tlsClientCertData and tlsClientCertKey`;
    return chartError("CHART_AUTH", subject, { text, cause });
  }
  if (code === "ETIMEDOUT") {
    return chartError("CHART_TIMEOUT", subject, {
      text: `${host}: no answer in time; check the network`,
      cause,
    });
  }
  const text = unreachable[code] ?? `no answer (${code === "" ? messageOf(cause).slice(0, 200) : code})`;
  return chartError("CHART_UNREACHABLE", subject, { text: `${host}: ${text}`, cause });
}
