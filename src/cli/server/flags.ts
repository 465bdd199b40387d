import type { Flags } from "../command.ts";

/** Which server is asked, how it is reached and as whom: as argocd has them. */
export const serverFlags = {
  server: {
    type: "string",
    value: "HOST:PORT",
    description: "API server to ask; ARGOCD_SERVER, then the one that you are logged in to",
  },
  "auth-token": {
    type: "string",
    value: "TOKEN",
    description: "Token to ask with; better ARGOCD_AUTH_TOKEN, which others on this machine cannot see",
  },
  config: {
    type: "string",
    value: "FILE",
    description: "File of logins; ~/.config/argocd/config by default, shared with argocd",
  },
  "argocd-context": { type: "string", value: "NAME", description: "Login to use; see: mooring context" },
  insecure: { type: "boolean", description: "Take any certificate of the API server" },
  plaintext: { type: "boolean", description: "Reach the API server without TLS" },
  "server-crt": { type: "string", value: "FILE", description: "Authority of the API server's certificate" },
  "client-crt": { type: "string", value: "FILE", description: "Your own certificate for the API server" },
  "client-crt-key": { type: "string", value: "FILE", description: "Key of --client-crt" },
  "grpc-web": { type: "boolean", description: "Reach the API server by gRPC-Web, as some proxies need it" },
  "grpc-web-root-path": {
    type: "string",
    value: "PATH",
    description: "Where the API server is below a proxy's address; goes by gRPC-Web",
  },
  header: {
    type: "strings",
    short: "H",
    value: "NAME: VALUE",
    description: "Header to send to the API server, such as a proxy asks for",
  },
} as const satisfies Flags;
