export { startRenderer } from "./renderer.ts";
