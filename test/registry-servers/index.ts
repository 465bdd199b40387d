export * from "./chart-repository.ts";
export * from "./docker-registry.ts";
export * from "./pack.ts";
export * from "./web-server.ts";
