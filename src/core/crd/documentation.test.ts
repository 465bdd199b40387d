import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applicationSpecSchema, operationSchema } from "./application-schema.ts";
import { projectSpecSchema } from "./project-schema.ts";
import type { Schema } from "./schema.ts";
import { sourceSchema } from "./source-schema.ts";
import { unsupported } from "./unsupported.ts";

const page = readFileSync(new URL("../../../docs/compatibility.md", import.meta.url), "utf8");
const [, sources = "", applications = "", projects = ""] = page.split(/^## /mu);

/** State by field path of one section's table. */
function rowsOf(section: string): ReadonlyMap<string, string> {
  const rows = section.matchAll(/^\| `(?<path>[\w.]+)` +\| (?<state>[a-z ]+?) +\|/gmu);
  return new Map(Array.from(rows, ({ groups = {} }) => [groups["path"] ?? "", groups["state"] ?? ""]));
}

/** Fields that no row stands for. A field that holds a source is one row: sources have their own table. */
function undocumented(path: string, schema: Schema, rows: ReadonlyMap<string, string>): readonly string[] {
  if (rows.has(path)) return [];
  if (schema.kind !== "object") return [path];
  return Object.entries(schema.fields).flatMap(([name, field]) =>
    undocumented(`${path}.${name}`, field, rows),
  );
}

function stated(rows: ReadonlyMap<string, string>): readonly string[] {
  return [...rows]
    .filter(([, state]) => state === "reported" || state === "refused")
    .map(([path, state]) => `${path} ${state}`)
    .toSorted();
}

type Rules = readonly { readonly path: string; readonly blocking?: true }[];

function listed(rules: Rules, keep: (path: string) => boolean, prefix = ""): readonly string[] {
  return rules
    .filter(({ path }) => keep(path))
    .map(({ path, blocking }) => `${path.slice(prefix.length)} ${blocking === true ? "refused" : "reported"}`)
    .toSorted();
}

describe("docs/compatibility.md", () => {
  it("has a row for every field", () => {
    expect([
      ...undocumented("source", sourceSchema, rowsOf(sources)),
      ...undocumented("spec", applicationSpecSchema, rowsOf(applications)),
      ...undocumented("operation", operationSchema, rowsOf(applications)),
      ...undocumented("spec", projectSpecSchema, rowsOf(projects)),
    ]).toEqual([]);
  });

  it("calls reported or refused what the table of unsupported fields lists, and nothing else", () => {
    const ofSource = (path: string) => /\.sources?\./u.test(path);
    const application: Rules = unsupported.application;
    expect(stated(rowsOf(sources))).toEqual(
      listed(application, (path) => path.startsWith("spec.source."), "spec."),
    );
    expect(stated(rowsOf(applications))).toEqual(listed(application, (path) => !ofSource(path)));
    expect(stated(rowsOf(projects))).toEqual(listed(unsupported.project, () => true));
  });
});
