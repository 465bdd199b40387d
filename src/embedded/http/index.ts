export { type ApiServer, startApiServer } from "./start-api-server.ts";
