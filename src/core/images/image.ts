/** What a container runs, as manifests write it: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]` (OCI distribution specification, section "Pull"). */
export interface Image {
  /** As it is written, such as `nginx` or `ghcr.io/acme/web`. */
  readonly name: string;
  readonly tag?: string;
  /** `sha256:…` of the manifest. */
  readonly digest?: string;
}

/** No reference is longer: 255 for the name, 128 for the tag, the digest, and what parts them. */
const maxLength = 600;
const host = /^(?:\[[0-9a-fA-F:]+\]|[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?)(?::[0-9]+)?$/u;
const step = /^[0-9a-z]+(?:(?:[.]|_|__|-+)[0-9a-z]+)*$/u;
const tagForm = /^[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}$/u;
const digestForm = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,128}$/u;

/** Undefined for what names no image. */
export function parseImage(text: string): Image | undefined {
  if (text.length > maxLength) return undefined;
  const [rest = "", digest, ...more] = text.split("@");
  if (more.length > 0 || (digest !== undefined && !digestForm.test(digest))) return undefined;
  const colon = rest.indexOf(":", rest.lastIndexOf("/") + 1);
  const name = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if (!isName(name) || (tag !== undefined && !tagForm.test(tag))) return undefined;
  return { name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function isName(name: string): boolean {
  if (name.length > 255) return false;
  const [first = "", ...rest] = name.split("/");
  const isHosted = isHost(first) && rest.length > 0;
  if (isHosted && !host.test(first)) return false;
  return (isHosted ? rest : [first, ...rest]).every((each) => step.test(each));
}

/** What comes before the first slash is a host only when it looks like one; Docker Hub is meant otherwise. */
function isHost(first: string): boolean {
  return first === "localhost" || /[.:]/u.test(first);
}

/** The reference that `parseImage` reads. */
export function formatImage({ name, tag, digest }: Image): string {
  return `${name}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

const hub = "docker.io";
const hubHosts = new Set([hub, "index.docker.io", "registry-1.docker.io"]);

/** One text for all ways to write an image's name: `nginx` and `docker.io/library/nginx` are the same. */
export function imageKey(name: string): string {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHosted = isHost(first);
  const path = isHosted ? name.slice(slash + 1) : name;
  const at = isHosted ? first.toLowerCase() : hub;
  if (!hubHosts.has(at)) return `${at}/${path}`;
  return `${hub}/${path.includes("/") ? path : `library/${path}`}`;
}
