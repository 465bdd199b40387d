export { startRenderer } from "./renderer.ts";
export type { RendererOptions } from "./options.ts";
