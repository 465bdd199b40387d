import { isAbortError, messageOf, MooringError } from "#core/errors/index.ts";

const tlsAdvice = "check the cluster's certificate authority and tls-server-name";

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; check the address and whether the API server runs",
  ENOTFOUND: "the host name is unknown; check the address and DNS",
  EAI_AGAIN: "the host name cannot be resolved now; check DNS",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ETIMEDOUT: "no answer in time; check network and firewall",
  EHOSTUNREACH: "no route to the host; check network and firewall",
  ENETUNREACH: "no route to the network",
  CERT_HAS_EXPIRED: "its certificate has expired; renew it",
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is self-signed; ${tlsAdvice}`,
  SELF_SIGNED_CERT_IN_CHAIN: `its certificate chains to an unknown authority; ${tlsAdvice}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `its certificate chains to an unknown authority; ${tlsAdvice}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `its certificate chains to an unknown authority; ${tlsAdvice}`,
  ERR_TLS_CERT_ALTNAME_INVALID: `its certificate is for another name; ${tlsAdvice}`,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not accept the client certificate; renew it",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS; check the port and https in the URL",
};

/** A refused stream or a connection that was never made, or is no longer there: the request did not reach the server. */
const neverArrived = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_HTTP2_INVALID_SESSION",
  "ERR_HTTP2_GOAWAY_SESSION",
]);
const cut = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ERR_HTTP2_SESSION_ERROR"]);

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Whether trying again may help: `safe` for every request, `repeatable` only for those that may arrive twice. */
export function retryOf(error: unknown): "safe" | "repeatable" | "never" {
  const code = codeOf(error);
  if (neverArrived.has(code) || messageOf(error).includes("NGHTTP2_REFUSED_STREAM")) return "safe";
  return cut.has(code) || code.startsWith("ERR_HTTP2_") ? "repeatable" : "never";
}

/** The MooringError of a connection that failed; an abort and what is translated already pass through. */
export function translateNetworkError(server: string, error: unknown): Error {
  if (error instanceof MooringError || (error instanceof Error && isAbortError(error))) return error;
  const explanation = explanations[codeOf(error)] ?? messageOf(error);
  return new MooringError("KUBE_UNREACHABLE", `${server}: ${explanation}`, { cause: error, key: server });
}
