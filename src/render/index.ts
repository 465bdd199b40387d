export { startRenderer } from "./renderer.ts";
export { startScripts } from "./scripts/scripts.ts";
