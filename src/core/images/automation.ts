import { imageAutomationSpecSchema, mooringGroup } from "#core/crd/image-automation-schema.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { parseDuration } from "#core/sync/index.ts";
import type { TagOrder, TagPolicy } from "./tag-policy.ts";
import { Fields } from "./fields.ts";
import { parseImage } from "./image.ts";
import { parseTemplate } from "./template.ts";

const automationApiVersion = `${mooringGroup}/v1alpha1`;
export const automationKind = "ImageAutomation";

/** An image that is kept at the newest of its repository. */
export interface AutomatedImage extends Omit<TagPolicy, "order"> {
  readonly order: TagOrder | { readonly by: "newestBuild" };
  /** Of an image for several, the one whose time of building counts. */
  readonly platform: string | undefined;
  /** Whose signature it needs. */
  readonly verify: SignatureKeys | undefined;
  /** Without tag and digest, such as `ghcr.io/acme/web`. */
  readonly name: string;
  /** The digest goes behind the tag. */
  readonly withDigest: boolean;
  /** By which markers name it; by its own name unless told. */
  readonly policy: string | undefined;
  /** Parameters of an Application's chart. */
  readonly helm: { readonly image: string; readonly tag: string };
}

/** Public keys in PEM, of which one must have signed. */
interface SignatureKeys {
  readonly keys: readonly string[];
  /** Name of a Secret with more of them. */
  readonly secret: string | undefined;
}

const forges = ["github", "gitlab", "gitea"] as const;

/** A pull request in place of a commit on the branch itself. */
export interface AutomatedProposal {
  readonly forge: (typeof forges)[number];
  readonly apiUrl: string;
  /** That of the repository's URL unless told. */
  readonly repository: string | undefined;
  /** Of the token. */
  readonly secret: string;
  readonly grouping: "one" | "each";
  /** Templates. */
  readonly branch: string;
  readonly title: string | undefined;
}

/** Where commits go, and what they say. */
export interface GitTarget {
  readonly repoUrl: string;
  readonly branch: string;
  /** The branch that gets the commits; `branch` unless told. */
  readonly pushBranch: string | undefined;
  /** Files and directories that are looked into; everything unless told. */
  readonly paths: readonly string[];
  readonly author: { readonly name: string; readonly email: string };
  /** A template. */
  readonly message: string | undefined;
  /** Name of the Secret of a key to sign with. */
  readonly signingKeySecret: string | undefined;
  readonly proposal: AutomatedProposal | undefined;
}

/** Where images are written: to a repository, or to an Application of this name. */
type AutomationTarget =
  | { readonly kind: "git"; readonly git: GitTarget }
  | { readonly kind: "application"; readonly name: string };

/** Which images are kept new, and where they are written. */
export interface ImageAutomation {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  readonly intervalMs: number;
  readonly isSuspended: boolean;
  /** Name of the Secret of logins to registries. */
  readonly registrySecret: string | undefined;
  readonly target: AutomationTarget;
  readonly images: readonly AutomatedImage[];
}

/** Each costs a question to a registry. */
const maxImages = 1_000;
const defaultIntervalMs = 300_000;
const minIntervalMs = 30_000;
const maxIntervalMs = 7 * 24 * 3_600_000;

/** Reads an ImageAutomation. Throws CONFIG_INVALID naming the object, the field and the fix. */
export function parseAutomation(object: KubeObject): ImageAutomation {
  const { name = "", namespace = "" } = object.metadata;
  const subject = [automationKind, [namespace, name].filter((part) => part !== "").join("/")].join(" ");
  if (object.apiVersion !== automationApiVersion || object.kind !== automationKind) {
    throw new MooringError(
      "CONFIG_INVALID",
      `${object.kind} ${name}: is no ${automationKind} of ${automationApiVersion}; correct apiVersion and kind`,
    );
  }
  const spec = new Fields(object["spec"], { subject, path: "spec", schema: imageAutomationSpecSchema });
  const images = spec.items("images");
  if (images.length === 0) throw spec.wrong("images", "is empty; name at least one");
  if (images.length > maxImages)
    throw spec.wrong("images", `has ${images.length} entries; at most ${maxImages} are allowed`);
  return {
    name,
    namespace,
    project: spec.text("project") ?? "default",
    intervalMs: parseInterval(spec),
    isSuspended: spec.flag("suspend"),
    registrySecret: spec.below("registrySecretRef")?.required("name"),
    target: parseTarget(spec),
    images: images.map((image) => parseAutomated(image)),
  };
}

function parseInterval(spec: Fields): number {
  const text = spec.text("interval");
  if (text === undefined) return defaultIntervalMs;
  const ms = readDuration(text);
  if (ms !== undefined && ms >= minIntervalMs && ms <= maxIntervalMs) return ms;
  throw spec.wrong("interval", `is ${JSON.stringify(text)}; write one from 30s to 168h, such as 5m`);
}

function readDuration(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}

function parseTarget(spec: Fields): AutomationTarget {
  const [git, application] = [spec.below("git"), spec.below("applicationRef")];
  if (git === undefined && application === undefined)
    throw spec.wrong("git", "is missing or no map; write it, or applicationRef");
  if (git !== undefined && application !== undefined)
    throw spec.wrong("applicationRef", "is there beside git; images are written to one place");
  if (application !== undefined) return { kind: "application", name: application.required("name") };
  if (git === undefined) throw spec.wrong("git", "is missing; write it");
  return { kind: "git", git: parseGit(git) };
}

function parseGit(git: Fields): GitTarget {
  const author = git.below("author");
  const target = {
    repoUrl: git.required("repoURL"),
    branch: git.text("branch") ?? "main",
    pushBranch: git.text("pushBranch"),
    paths: git.texts("paths"),
    author: {
      name: author?.text("name") ?? "Mooring",
      email: author?.text("email") ?? "mooring@localhost",
    },
    message: template(git, "message"),
    signingKeySecret: git.below("signingKeySecretRef")?.required("name"),
    proposal: parseProposal(git.below("proposal")),
  };
  if (target.message?.trim() === "")
    throw git.wrong("message", "says nothing; write what the commit does, or leave it out");
  if (target.proposal !== undefined && target.pushBranch !== undefined)
    throw git.wrong("pushBranch", "is there beside proposal; write spec.git.proposal.branch in its place");
  return target;
}

function parseProposal(fields: Fields | undefined): AutomatedProposal | undefined {
  if (fields === undefined) return undefined;
  const forge = fields.word("forge", forges);
  if (fields.text("forge") === undefined)
    throw fields.wrong("forge", "is missing; write github, gitlab or gitea");
  const apiUrl = fields.text("apiURL") ?? (forge === "github" ? "https://api.github.com" : undefined);
  if (apiUrl === undefined)
    throw fields.wrong("apiURL", "is missing; write one such as https://gitlab.example.com/api/v4");
  const secret = fields.below("secretRef");
  if (secret === undefined) throw fields.wrong("secretRef", "is missing; name a Secret that has a token");
  const grouping = fields.word("grouping", ["one", "each"]);
  const branch = template(fields, "branch");
  if (grouping === "each" && branch?.includes(".Image") === false)
    throw fields.wrong("branch", "is the same for every image; write {{ .Image }} in it");
  return {
    forge,
    apiUrl,
    repository: fields.text("repository"),
    secret: secret.required("name"),
    grouping,
    branch:
      branch ?? (grouping === "one" ? "mooring/{{ .Automation }}" : "mooring/{{ .Automation }}/{{ .Image }}"),
    title: template(fields, "title"),
  };
}

/** A text whose placeholders are known. */
function template(fields: Fields, field: string): string | undefined {
  const text = fields.text(field);
  if (text === undefined) return undefined;
  const problem = parseTemplate(text);
  if (problem !== undefined) throw fields.wrong(field, problem);
  return text;
}

function parseAutomated(image: Fields): AutomatedImage {
  const name = image.required("image");
  const parsed = parseImage(name);
  if (parsed === undefined || parsed.tag !== undefined || parsed.digest !== undefined) {
    throw image.wrong(
      "image",
      `${JSON.stringify(name)} is no name of an image without tag and digest; write one such as ghcr.io/acme/web`,
    );
  }
  const [filter, helm] = [image.below("filterTags"), image.below("helm")];
  return {
    name,
    order: parseOrder(image),
    pattern: filter?.text("pattern"),
    extract: filter?.text("extract"),
    platform: image.text("platform"),
    verify: parseVerify(image),
    withDigest: image.flag("digest") || image.value("verify") !== undefined,
    policy: image.text("policy"),
    helm: { image: helm?.text("image") ?? "image.name", tag: helm?.text("tag") ?? "image.tag" },
  };
}

function parseVerify(image: Fields): SignatureKeys | undefined {
  const verify = image.below("verify");
  if (verify === undefined) return undefined;
  if (image.value("digest") === false)
    throw image.wrong(
      "digest",
      "is false beside verify; a tag may be moved after it was verified: leave it out",
    );
  const cosign = verify.below("cosign");
  const keys = cosign?.texts("keys") ?? [];
  const secret = cosign?.below("secretRef")?.required("name");
  if (keys.length === 0 && secret === undefined)
    throw verify.wrong("cosign", "names no key; write keys, or secretRef");
  return { keys, secret };
}

function parseOrder(image: Fields): AutomatedImage["order"] {
  const given = (["semver", "numerical", "alphabetical", "newestBuild"] as const).filter(
    (field) => image.value(field) !== undefined,
  );
  const [by = "semver", other] = given;
  if (other !== undefined) throw image.wrong(other, `is there beside ${by}; only one order can decide`);
  if (by === "newestBuild") {
    if (image.flag("newestBuild")) return { by };
    throw image.wrong(by, "is false; leave it out");
  }
  if (by === "semver") return { by, range: image.text("semver") ?? "*" };
  const order = image.text(by);
  if (order === "asc" || order === "desc") return { by, order };
  throw image.wrong(by, `is ${JSON.stringify(order)}; write asc or desc`);
}
