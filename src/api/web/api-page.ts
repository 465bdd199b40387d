import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewPath, viewString } from "#core/object/index.ts";
import { escapeMarkup } from "./answer.ts";

/** The style of the page about the API. */
export const apiPageStyle = `body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
summary { cursor: pointer; padding: .2rem 0; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { background: #f4f5f7; overflow: auto; padding: .6rem; }
table { border-collapse: collapse; }
td, th { border-bottom: 1px solid #ddd; padding: .1rem 1rem .1rem 0; text-align: left; vertical-align: top; }
.verb { display: inline-block; font-weight: 600; width: 4.5rem; }
@media (prefers-color-scheme: dark) { body { background: #16181d; color: #e6e6e6; } pre { background: #22252c; } a { color: #8ab4ff; } }
`;

/** A page about an OpenAPI document to browse in, without any script. */
export function drawApiPage(document: JsonObject): string {
  const operations = Object.entries(viewObject(document, "paths")).flatMap(([path, verbs]) =>
    Object.entries(isJsonObject(verbs) ? verbs : {}).map(([verb, operation]) => ({ path, verb, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => tagOf(operation)))].toSorted();
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => tagOf(operation) === tag);
    return `<h2>${escapeMarkup(tag)}</h2>\n${own.map((one) => drawOperation(one)).join("\n")}`;
  });
  const title = `${viewString(document, "info", "title") ?? ""} API ${viewString(document, "info", "version") ?? ""}`;
  const schemas = Object.entries(viewObject(document, "components", "schemas")).map(
    ([name, schema]) =>
      `<details id="${escapeMarkup(name)}"><summary><code>${escapeMarkup(name)}</code></summary>${drawSchema(schema)}</details>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeMarkup(title)}</title>
<link rel="stylesheet" href="/swagger-ui/style.css">
</head>
<body>
<h1>${escapeMarkup(title)}</h1>
<p>The same as <a href="/swagger.json">OpenAPI</a>. Send the token that <code>POST /api/v1/session</code> gives as <code>Authorization: Bearer</code>.</p>
${sections.join("\n")}
<h2>Messages</h2>
${schemas.join("\n")}
</body>
</html>
`;
}

function tagOf(operation: JsonValue | undefined): string {
  const [tag] = viewArray(operation, "tags");
  return typeof tag === "string" ? tag : "";
}

interface Operation {
  readonly path: string;
  readonly verb: string;
  readonly operation: JsonValue | undefined;
}

function drawOperation({ path, verb, operation }: Operation): string {
  const parameters = viewArray(operation, "parameters").map((one) => {
    const required = viewPath(one, "required") === true ? "required" : "";
    const cells = [viewString(one, "name"), viewString(one, "in"), kindOf(viewPath(one, "schema")), required];
    return `<tr>${cells.map((cell) => `<td>${escapeMarkup(cell ?? "")}</td>`).join("")}</tr>`;
  });
  const body = viewPath(operation, "requestBody", "content", "application/json", "schema");
  const answer = viewPath(operation, "responses", "200", "content", "application/json", "schema");
  return [
    `<details><summary><span class="verb">${verb.toUpperCase()}</span> <code>${escapeMarkup(path)}</code></summary>`,
    parameters.length === 0 ? "" : `<table>${parameters.join("")}</table>`,
    body === undefined ? "" : `<p>Body: ${drawKind(body)}</p>`,
    answer === undefined ? "" : `<p>Answer: ${drawKind(answer)}</p>`,
    "</details>",
  ].join("");
}

function drawSchema(schema: JsonValue | undefined): string {
  const rows = Object.entries(viewObject(schema, "properties")).map(
    ([name, one]) => `<tr><td><code>${escapeMarkup(name)}</code></td><td>${drawKind(one)}</td></tr>`,
  );
  return `<table>${rows.join("")}</table>`;
}

const schemaPrefix = "#/components/schemas/";

/** What a schema is, with a link where it has a name. */
function drawKind(schema: JsonValue | undefined): string {
  const [first] = viewArray(schema, "allOf");
  if (first !== undefined) return drawKind(first);
  const name = viewString(schema, "$ref")?.slice(schemaPrefix.length);
  if (name !== undefined) return `<a href="#${escapeMarkup(name)}"><code>${escapeMarkup(name)}</code></a>`;
  const items = viewPath(schema, "items") ?? viewPath(schema, "additionalProperties");
  if (items !== undefined) return `${escapeMarkup(kindOf(schema))} of ${drawKind(items)}`;
  const result = viewPath(schema, "properties", "result");
  return result === undefined ? escapeMarkup(kindOf(schema)) : `a stream of ${drawKind(result)}`;
}

function kindOf(schema: JsonValue | undefined): string {
  const type = viewString(schema, "type") ?? "any value";
  const format = viewString(schema, "format");
  return format === undefined ? type : `${type} (${format})`;
}
