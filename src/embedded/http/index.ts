export type { ApiServerOptions } from "./options.ts";
export { type ApiServer, openApiServer, startApiServer } from "./start-api-server.ts";
