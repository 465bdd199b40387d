import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { TagOrder, TagPolicy } from "./tag-policy.ts";
import { parseImage } from "./image.ts";

const automationApiVersion = "mooring.dev/v1alpha1";
const automationKind = "ImageAutomation";

/** An image that is kept at the newest of its repository. */
export interface AutomatedImage extends TagPolicy {
  /** Without tag and digest, such as `ghcr.io/acme/web`. */
  readonly name: string;
  /** The digest goes behind the tag. */
  readonly withDigest: boolean;
  /** By which markers name it; by its own name unless told. */
  readonly policy: string | undefined;
}

/** Which images are kept new, and where they are written. */
export interface ImageAutomation {
  readonly name: string;
  readonly git: {
    readonly repoUrl: string;
    readonly branch: string;
    /** The branch that gets the commits; `branch` unless told. */
    readonly pushBranch: string | undefined;
    /** Files and directories that are looked into; everything unless told. */
    readonly paths: readonly string[];
    readonly author: { readonly name: string; readonly email: string };
    readonly message: string | undefined;
  };
  readonly images: readonly AutomatedImage[];
}

/** Each costs a question to a registry. */
const maxImages = 1_000;

/** Reads an ImageAutomation. Throws CONFIG_INVALID naming the object, the field and the fix. */
export function parseAutomation(object: KubeObject): ImageAutomation {
  const { name = "" } = object.metadata;
  const subject = `${automationKind} ${name}`;
  if (object.apiVersion !== automationApiVersion || object.kind !== automationKind) {
    throw new MooringError(
      "CONFIG_INVALID",
      `${object.kind} ${name}: is no ${automationKind} of ${automationApiVersion}; correct apiVersion and kind`,
    );
  }
  const spec = new Fields(object["spec"], { subject, path: "spec" });
  spec.allow("git", "images");
  const images = spec
    .list("images")
    .map((each, i) => parseAutomated(new Fields(each, { subject, path: `spec.images[${i}]` })));
  if (images.length === 0) throw spec.wrong("images", "is empty; name at least one");
  if (images.length > maxImages)
    throw spec.wrong("images", `has ${images.length} entries; at most ${maxImages} are allowed`);
  return { name, git: parseGit(new Fields(spec.value("git"), { subject, path: "spec.git" })), images };
}

function parseGit(git: Fields): ImageAutomation["git"] {
  git.allow("repoURL", "branch", "pushBranch", "paths", "author", "message");
  const author = new Fields(git.value("author") ?? {}, { subject: git.subject, path: `${git.path}.author` });
  author.allow("name", "email");
  return {
    repoUrl: git.required("repoURL"),
    branch: git.text("branch") ?? "main",
    pushBranch: git.text("pushBranch"),
    paths: git.texts("paths"),
    author: { name: author.text("name") ?? "Mooring", email: author.text("email") ?? "mooring@localhost" },
    message: git.text("message"),
  };
}

function parseAutomated(image: Fields): AutomatedImage {
  image.allow("image", "semver", "numerical", "alphabetical", "filterTags", "digest", "policy");
  const name = image.required("image");
  const parsed = parseImage(name);
  if (parsed === undefined || parsed.tag !== undefined || parsed.digest !== undefined) {
    throw image.wrong(
      "image",
      `${JSON.stringify(name)} is no name of an image without tag and digest; write one such as ghcr.io/acme/web`,
    );
  }
  const filter = new Fields(image.value("filterTags") ?? {}, {
    subject: image.subject,
    path: `${image.path}.filterTags`,
  });
  filter.allow("pattern", "extract");
  return {
    name,
    order: parseOrder(image),
    pattern: filter.text("pattern"),
    extract: filter.text("extract"),
    withDigest: image.flag("digest"),
    policy: image.text("policy"),
  };
}

function parseOrder(image: Fields): TagOrder {
  const given = (["semver", "numerical", "alphabetical"] as const).filter(
    (field) => image.value(field) !== undefined,
  );
  const [by = "semver", other] = given;
  if (other !== undefined) throw image.wrong(other, `is there beside ${by}; only one order can decide`);
  if (by === "semver") return { by, range: image.text("semver") ?? "*" };
  const order = image.text(by);
  if (order === "asc" || order === "desc") return { by, order };
  throw image.wrong(by, `is ${JSON.stringify(order)}; write asc or desc`);
}

interface Place {
  readonly subject: string;
  readonly path: string;
}

/** The fields of an object that a person wrote. */
class Fields {
  readonly subject: string;
  readonly path: string;
  readonly #object: JsonObject;

  constructor(value: JsonValue | undefined, { subject, path }: Place) {
    this.subject = subject;
    this.path = path;
    if (!isJsonObject(value))
      throw new MooringError("CONFIG_INVALID", `${subject}: ${path}: is missing or no map; write it`);
    this.#object = value;
  }

  /** What is not known would be taken for what works. */
  allow(...names: readonly string[]): void {
    const unknown = Object.keys(this.#object).find((name) => !names.includes(name));
    if (unknown !== undefined) throw this.wrong(unknown, `is not known; use ${names.join(", ")}`);
  }

  wrong(field: string, problem: string): MooringError {
    return new MooringError("CONFIG_INVALID", `${this.subject}: ${this.path}.${field}: ${problem}`);
  }

  value(field: string): JsonValue | undefined {
    return this.#object[field] ?? undefined;
  }

  text(field: string): string | undefined {
    const value = this.value(field);
    if (value === undefined || typeof value === "string") return value;
    throw this.wrong(field, `is ${JSON.stringify(value)}; write a text`);
  }

  required(field: string): string {
    const text = this.text(field);
    if (text !== undefined && text !== "") return text;
    throw this.wrong(field, "is missing; write it");
  }

  flag(field: string): boolean {
    const value = this.value(field) ?? false;
    if (typeof value === "boolean") return value;
    throw this.wrong(field, `is ${JSON.stringify(value)}; write true or false`);
  }

  list(field: string): readonly JsonValue[] {
    const value = this.value(field) ?? [];
    if (isJsonArray(value)) return value;
    throw this.wrong(field, `is no list; write one`);
  }

  texts(field: string): readonly string[] {
    return this.list(field).map((value, i) => {
      if (typeof value === "string" && value !== "") return value;
      throw this.wrong(`${field}[${i}]`, `is ${JSON.stringify(value)}; write a text`);
    });
  }
}
