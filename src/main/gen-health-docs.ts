import { readFile, writeFile } from "node:fs/promises";
import { describeTable } from "#core/health/custom/describe.ts";

const page = new URL("../../docs/health.md", import.meta.url);
const heading = "## The table\n";

/** Writes the table of custom kinds into the page about health, in the place of the one that is there. */
const text = await readFile(page, "utf8");
await writeFile(page, `${text.slice(0, text.indexOf(heading) + heading.length)}\n${describeTable()}`);
