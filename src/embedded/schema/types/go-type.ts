/**
 * How a field of a built-in kind is read and written, as the Go type behind it does it. OpenAPI leaves out what matters here:
 * which fields are pointers (an explicit zero is kept), which are left out when empty, and what the errors name.
 */
export type GoType =
  | GoScalar
  | { readonly kind: "struct"; readonly component: string }
  | { readonly kind: "list" | "map"; readonly of: GoType }
  | { readonly kind: SpecialKind };

export interface GoScalar {
  readonly kind: "string" | "bool" | "bytes" | "int32" | "int64" | "float64";
  /** As errors print it: `int32`, `v1.PullPolicy`. */
  readonly name: string;
}

/** Types with a JSON form of their own; `props` is a JSONSchemaProps, or a boolean or list in its place. */
type SpecialKind = "time" | "microtime" | "duration" | "quantity" | "intstr" | "raw" | "json" | "props";

export interface GoField {
  readonly type: GoType;
  readonly isPointer: boolean;
  /** `empty` leaves out zero values but never a struct; `zero` also a struct; `never` prints them all. */
  readonly omits: "never" | "empty" | "zero";
}

export type GoStruct = ReadonlyMap<string, GoField>;

const scalars: Readonly<Record<string, GoScalar["kind"]>> = {
  string: "string",
  bool: "bool",
  bytes: "bytes",
  int: "int64",
  int64: "int64",
  int32: "int32",
  uint8: "int32",
  float64: "float64",
};

/**
 * Reads one field's type: `?` omitempty, `~` omitzero, then `*` pointer, `[]` list, `{}` map, `#` a component, or a scalar with
 * its name in Go where that differs: `?*string:v1.PullPolicy`.
 */
export function parseGoField(text: string): GoField {
  const omits = text.startsWith("?") ? "empty" : text.startsWith("~") ? "zero" : "never";
  const type = omits === "never" ? text : text.slice(1);
  const isPointer = type.startsWith("*");
  return { type: parseType(isPointer ? type.slice(1) : type), isPointer, omits };
}

function parseType(text: string): GoType {
  if (text.startsWith("*")) return parseType(text.slice(1));
  if (text.startsWith("#")) return { kind: "struct", component: text.slice(1) };
  if (text.startsWith("[]")) return { kind: "list", of: parseType(text.slice(2)) };
  if (text.startsWith("{}")) return { kind: "map", of: parseType(text.slice(2)) };
  const colon = text.indexOf(":");
  const base = colon < 0 ? text : text.slice(0, colon);
  const scalar = scalars[base];
  if (scalar !== undefined) return { kind: scalar, name: colon < 0 ? base : text.slice(colon + 1) };
  return { kind: base as SpecialKind };
}

/** The type's name in Go, as errors print it. */
export function formatGoType(type: GoType): string {
  switch (type.kind) {
    case "struct":
      return type.component.split(".").slice(-2).join(".");
    case "list":
      return `[]${formatGoType(type.of)}`;
    case "map":
      return type.of.kind === "quantity" ? "v1.ResourceList" : `map[string]${formatGoType(type.of)}`;
    case "bytes":
      return "[]uint8";
    case "string":
    case "bool":
    case "int32":
    case "int64":
    case "float64":
      return type.name;
    case "time":
    case "microtime":
    case "duration":
      return "string";
    case "quantity":
    case "intstr":
    case "raw":
    case "json":
    case "props":
      return type.kind;
  }
}
