export * from "./faulty-servers.ts";
export * from "./http-server.ts";
export * from "./repository.ts";
export * from "./ssh-server.ts";
