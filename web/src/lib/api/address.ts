import { routes } from "./routes.gen.ts";

type Values = Readonly<Record<string, unknown>>;

interface Address {
  readonly verb: string;
  readonly url: string;
  readonly body: string | undefined;
}

const table: Readonly<Record<string, Readonly<Record<string, readonly [string, string, string]>>>> = routes;

/** Where a method is called, with the request in path, query and body as the API's routes say. */
export function addressOf(name: string, request: Values, fields?: string): Address {
  const [service = "", method = ""] = name.split(".");
  const route = table[service]?.[method];
  if (route === undefined) throw new Error(`${name} has no route`);
  const [verb, path, bodyField] = route;
  const inPath = new Set<string>();
  const filled = path.replaceAll(/\{([\w.]+)(=\*\*)?\}/gu, (_all, field: string, isRest?: string) => {
    inPath.add(field);
    const text = textOf(valueAt(request, field));
    return isRest === undefined ? encodeURIComponent(text) : text;
  });
  const query = new URLSearchParams();
  if (bodyField !== "*") {
    for (const [field, value] of flatten(request, "")) {
      if (!inPath.has(field) && field.split(".")[0] !== bodyField) query.append(field, textOf(value));
    }
  }
  if (fields !== undefined) query.set("fields", fields);
  const body = bodyField === "" ? undefined : bodyField === "*" ? request : request[bodyField];
  return {
    verb,
    // Relative to the base of the page, which may be below a path.
    url: `${filled.slice(1)}${query.size === 0 ? "" : `?${query.toString()}`}`,
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

function valueAt(values: Values, field: string): unknown {
  let value: unknown = values;
  for (const part of field.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Values)[part];
  }
  return value;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

function flatten(values: Values, prefix: string): readonly (readonly [string, unknown])[] {
  return Object.entries(values).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
    if (value === undefined) return [];
    if (Array.isArray(value)) return value.map((item: unknown) => [`${prefix}${name}`, item]);
    if (typeof value === "object" && value !== null) return flatten(value as Values, `${prefix}${name}.`);
    return [[`${prefix}${name}`, value]];
  });
}
