import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeTable } from "./describe.ts";

const page = readFileSync(new URL("../../../../docs/health.md", import.meta.url), "utf8");

it("is in docs/health.md as it stands; `node src/main/gen-health-docs.ts` writes it there", () => {
  const heading = "\n## The table\n\n";
  expect(page.slice(page.indexOf(heading) + heading.length)).toBe(describeTable());
});
