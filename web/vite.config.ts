import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vite";
import { precompress } from "./build/precompress.ts";

/** The server of `mooring up --insecure`, for `npm run dev -w web`. */
const server = process.env["MOORING_SERVER"] ?? "http://127.0.0.1:8080";

/** What the server writes into the page, when Vite serves it. */
function fillPage(): Plugin {
  return {
    name: "fill-page",
    transformIndexHtml: (html) => html.replaceAll("{{base}}", "/").replaceAll("{{nonce}}", ""),
  };
}

export default defineConfig(({ command }) => ({
  // Below whatever path the server says in the page.
  base: command === "build" ? "./" : "/",
  plugins: [react(), precompress(), ...(command === "serve" ? [fillPage()] : [])],
  build: {
    target: "es2024",
    assetsInlineLimit: 0,
    // Each chunk asks for its own: a list of them would be one more thing to load.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    // With the host that the browser asked for: the server refuses writes from a page of another site.
    proxy: Object.fromEntries(
      ["/api", "/auth"].map((path) => [path, { target: server, changeOrigin: false }]),
    ),
  },
}));
