export { detectTool } from "./detect-tool.ts";
export type { DetectedTool } from "./detect-tool.ts";
export { startRenderer } from "./renderer.ts";
export type { RendererOptions } from "./options.ts";
