import { writeFile } from "node:fs/promises";
import path from "node:path";
import { webRoutes } from "./web-routes.ts";

/** Writes what the web UI knows of the API: which address each method has. */
await writeFile(path.join(import.meta.dirname, "../../web/src/lib/api/routes.gen.ts"), webRoutes());
