export { connectApi } from "./connect-api.ts";
export { probeServer } from "./probe-server.ts";
export { createSsoClient } from "./sso-client.ts";
