import { maskedFields, maskedTexts } from "./allowed-differences.ts";
import type { Answer } from "./server.ts";
import type { WatchEvent } from "./watch.ts";

/** Values that are each server's own; what they are is compared by whether two of them are the same. */
const uid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const address = /^(?:\d{1,3}\.){3}\d{1,3}$/;

/** Fields with ports that the server may choose. */
const ports: ReadonlySet<string> = new Set(["nodePort", "healthCheckNodePort"]);

/** A refusal for several causes, without their order in the message: they are listed by themselves. */
function withoutOrder(body: unknown): unknown {
  const { message, details, reason } = (body ?? {}) as Refusal;
  if (reason !== "Invalid" || (details?.causes?.length ?? 0) < 2) return body;
  return {
    ...(body as object),
    message: message?.replace(/ is invalid: \[.*\]$/s, " is invalid: [<causes>]"),
  };
}

interface Bookmark {
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Refusal {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly unknown[] };
}

/** Gives equal placeholders to equal values, in the order in which a script meets them. */
export class Normaliser {
  readonly #known = new Map<string, string>();
  readonly #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  answer({ code, body, warnings }: Answer): unknown {
    return {
      code,
      body: this.#value(withoutOrder(body), ""),
      warnings: warnings.map((each) => this.#text(each, "")).toSorted(),
    };
  }

  /** What a watch told. */
  event({ type, object }: WatchEvent): unknown {
    if (type !== "BOOKMARK") return { type, object: this.#value(object, "") };
    // How far the server has come depends on what others write; what else there is in the object means nothing.
    const { kind, metadata } = object as { readonly kind: string; readonly metadata: Bookmark };
    return { type, kind, isEnd: metadata.annotations?.["k8s.io/initial-events-end"] };
  }

  #value(value: unknown, field: string): unknown {
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#value(item, field));
      // Their order depends on the seconds in which things happened.
      return field === "managedFields" || field === "causes"
        ? items.map((item) => JSON.stringify(item)).toSorted()
        : items;
    }
    if (typeof value === "object" && value !== null) return this.#object(value, field);
    if (typeof value === "number" && ports.has(field) && value !== 0)
      return this.#placeholder("port", String(value));
    return typeof value === "string" ? this.#text(value, field) : value;
  }

  #object(value: object, within: string): unknown {
    if ("items" in value && "metadata" in value) return this.#list(value);
    const masked = maskedFields.filter((mask) => mask.within === within);
    const compared = Object.entries(value).filter(([name]) => !masked.some(({ field }) => field === name));
    const sorted = compared.toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([name, item]) => [name, this.#value(item, name)] as const));
  }

  /** A list's revision is the server's, which others write to at the same time. */
  #list({ metadata, ...rest }: { readonly metadata: unknown }): unknown {
    const { resourceVersion: _own, ...others } = metadata as Record<string, unknown>;
    return this.#object({ ...rest, listMetadata: others }, "");
  }

  #text(text: string, field: string): string {
    if (field === "resourceVersion" && /^\d+$/.test(text)) return this.#placeholder("revision", text);
    if (field === "continue" && text !== "") return "<continue>";
    if (uid.test(text)) return this.#placeholder("uid", text);
    if (time.test(text)) return "<time>";
    if (address.test(text)) return this.#placeholder("address", text);
    if (/^Apply failed with \d+ conflicts/.test(text)) return text.split("\n").toSorted().join("\n");
    if (text.startsWith("-----BEGIN CERTIFICATE-----")) return "<certificate>";
    return maskedTexts
      .reduce((masked, { pattern, replacement }) => masked.replaceAll(pattern, replacement), text)
      .replaceAll(/in record \(\d+\)/g, "in record (<revision>)")
      .replaceAll(/\bBad-[a-z0-9]{5}\b/g, "Bad-<generated>")
      .replaceAll(/\b10\.96\.\d+\.\d+\b/g, (found) => this.#placeholder("address", found))
      .replaceAll(this.#namespace, "<namespace>")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (found) =>
        this.#placeholder("uid", found),
      );
  }

  #placeholder(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const count = [...this.#known.keys()].filter((each) => each.startsWith(`${kind} `)).length;
    const made = `<${kind} ${count + 1}>`;
    this.#known.set(key, made);
    return made;
  }
}
