import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import { sha256Of } from "../archive/archive-files.ts";
import type { RegistryContext } from "../context.ts";
import { authorizationOf } from "../http/authorization.ts";
import type { HttpAnswer } from "../http/http-client.ts";
import { isSameServer, serverOf } from "../http/origin.ts";
import { readBody } from "../http/read-body.ts";
import type { Subject } from "../registry-error.ts";
import { chartError, quoted, shownUrl, subjectOf } from "../registry-error.ts";
import { RegistryLogins } from "./login.ts";
import { isDigest } from "./manifest.ts";

/** A repository inside a registry. */
export interface OciRepository {
  readonly access: RegistryAccess;
  /** `team/charts/web`. */
  readonly path: string;
  readonly subject: Subject;
}

interface Ask {
  /** Below `/v2/`, or a whole URL at the registry. */
  readonly path: string;
  readonly accept?: string;
  readonly signal: AbortSignal;
}

const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

const pathForm = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const pageSize = 1000;
/** All pages of a listing together may take so many times as long as one answer: each of ten thousand could otherwise. */
const listingTimes = 3;

/** The repository of an access, or of a chart below it. Throws CONFIG_INVALID for a name that no registry has. */
export function repositoryOf(
  access: RegistryAccess,
  wanted: { readonly name?: string; readonly what?: string },
): OciRepository {
  const base = new URL(access.url.replace(/^oci:/, "https:")).pathname;
  const path = [...base.split("/"), ...(wanted.name ?? "").split("/")]
    .filter((step) => step !== "")
    .join("/");
  if (pathForm.test(path) && path.length <= 255)
    return { access, path, subject: subjectOf(access, wanted.what) };
  const key = shownUrl(access.url);
  const advice =
    "names are in lower case, of letters, digits, and - _ . between them; correct repoURL or chart";
  throw new MooringError(
    "CONFIG_INVALID",
    `registry ${key}: ${quoted(path)} is no repository's name: ${advice}`,
    { key },
  );
}

/** What of a registry's API (OCI distribution 1.1) is needed to read: tags, manifests, blobs. */
export class OciClient {
  readonly #context: RegistryContext;
  readonly #logins: RegistryLogins;

  constructor(context: RegistryContext) {
    this.#context = context;
    this.#logins = new RegistryLogins(context.client, context.clock);
  }

  /** Whether the registry answers and accepts the credentials. */
  async ping(access: RegistryAccess, signal: AbortSignal): Promise<void> {
    const repository = { access, path: "", subject: subjectOf(access) };
    await this.#get(repository, { path: "", signal }, async () => undefined);
  }

  /** The manifest of a tag or digest, its digest checked. */
  async manifest(
    repository: OciRepository,
    reference: string,
    signal: AbortSignal,
  ): Promise<{ readonly digest: string; readonly content: Buffer }> {
    const { subject } = repository;
    if (!isDigest(reference) && !tagForm.test(reference)) {
      const text = `${quoted(reference)} is no tag, version or sha256 digest; correct spec.source.targetRevision`;
      throw chartError("CHART_NOT_FOUND", subject, { text });
    }
    const path = `${repository.path}/manifests/${reference}`;
    const limit = { maxBytes: this.#context.limits.maxDocumentBytes, subject, what: "the manifest" };
    return await this.#get(repository, { path, accept: manifestTypes, signal }, async (answer) => {
      const content = await readBody(answer, limit);
      const digest = sha256Of(content);
      const named = String(answer.headers["docker-content-digest"] ?? "");
      const wanted = [reference, named, digest].find(isDigest);
      if (wanted === digest) return { digest, content };
      throw wrongDigest(subject, "the manifest", { digest, wanted: wanted ?? "" });
    });
  }

  /** The content of a layer, its size and digest checked. */
  async blob(
    repository: OciRepository,
    layer: { readonly digest: string; readonly size: number; readonly maxBytes?: number },
    signal: AbortSignal,
  ): Promise<Buffer> {
    const { subject } = repository;
    const { maxArchiveBytes } = this.#context.limits;
    const maxBytes = Math.min(layer.maxBytes ?? maxArchiveBytes, maxArchiveBytes);
    const limit = { maxBytes, subject, what: "the layer" };
    const path = `${repository.path}/blobs/${layer.digest}`;
    const content = await this.#get(
      repository,
      { path, signal },
      async (answer) => await readBody(answer, limit),
    );
    const digest = sha256Of(content);
    if (digest === layer.digest) return content;
    throw wrongDigest(subject, "the layer", { digest, wanted: layer.digest });
  }

  /** The index of what refers to a manifest; undefined where a registry knows no such question. */
  async referrers(
    repository: OciRepository,
    digest: string,
    signal: AbortSignal,
  ): Promise<Buffer | undefined> {
    const { subject } = repository;
    const limit = { maxBytes: this.#context.limits.maxDocumentBytes, subject, what: "the list of referrers" };
    const path = `${repository.path}/referrers/${digest}`;
    try {
      return await this.#get(repository, { path, signal }, async (answer) => await readBody(answer, limit));
    } catch (error) {
      if (isMooringError(error, "CHART_NOT_FOUND") || isMooringError(error, "CHART_INVALID"))
        return undefined;
      throw error;
    }
  }

  /** Every tag, page by page. */
  async tags(repository: OciRepository, signal: AbortSignal): Promise<readonly string[]> {
    const { totalTimeoutMs } = this.#context.limits;
    const { subject } = repository;
    const allMs = listingTimes * totalTimeoutMs;
    const timeout = AbortSignal.timeout(allMs);
    try {
      return await this.#tags(repository, AbortSignal.any([signal, timeout]));
    } catch (error) {
      if (signal.aborted || !timeout.aborted) throw error;
      const text = `its tags are not all listed within ${allMs / 1000} s; check the registry, or name a tag instead of a range`;
      throw chartError("CHART_TIMEOUT", subject, { text, cause: error });
    }
  }

  async #tags(repository: OciRepository, signal: AbortSignal): Promise<readonly string[]> {
    const { maxTags, maxDocumentBytes } = this.#context.limits;
    const { subject } = repository;
    const limit = { maxBytes: maxDocumentBytes, subject, what: "the list of tags" };
    const tags = new Set<string>();
    let path: string | undefined = `${repository.path}/tags/list?n=${pageSize}`;
    for (let pages = 0; path !== undefined; pages += 1) {
      const page: TagPage = await this.#get(repository, { path, signal }, async (answer) => ({
        tags: parseTags(await readBody(answer, limit), subject),
        next: nextPage(answer),
      }));
      for (const tag of page.tags) tags.add(tag);
      if (tags.size > maxTags || pages > maxTags / 10) {
        const text = `it has more than the ${maxTags} tags that are allowed; name a tag instead of a range`;
        throw chartError("CHART_TOO_LARGE", subject, { text });
      }
      path = page.next;
    }
    return [...tags];
  }

  async #get<T>(
    repository: OciRepository,
    ask: Ask,
    consume: (answer: HttpAnswer) => Promise<T>,
  ): Promise<T> {
    const { access, subject } = repository;
    const { client, keys } = this.#context;
    const server = serverOf(access);
    const url = new URL(ask.path, new URL("/v2/", server));
    const key = keys.of(access, "login", repository.path);
    const attempt = async (authorization: string | undefined, answers: readonly number[]) => {
      const question = {
        access,
        subject,
        url,
        headers: ask.accept === undefined ? {} : { accept: ask.accept },
        authorize: (hop: URL) => (isSameServer(server, hop) ? authorization : undefined),
        answers,
        signal: ask.signal,
      };
      return await client.get(question, async (answer) => {
        if (answer.status !== 401) return { value: await consume(answer) };
        const challenge = answer.headers["www-authenticate"] ?? "";
        return { refused: { challenge, registry: server, internal: answer.internal } };
      });
    };
    const { credentials } = access;
    const first =
      this.#logins.known(key) ?? (credentials.kind === "bearer" ? authorizationOf(credentials) : undefined);
    const outcome = await attempt(first, credentials.kind === "bearer" ? [] : [401]);
    if ("value" in outcome) return outcome.value;
    const scope = repository.path === "" ? undefined : `repository:${repository.path}:pull`;
    const request = { access, subject, scope, signal: ask.signal };
    const second = await attempt(await this.#logins.answer(key, outcome.refused, request), []);
    if ("value" in second) return second.value;
    throw chartError("CHART_AUTH", subject, {
      text: "the registry refuses its own token; check the repository's Secret",
    });
  }
}

interface TagPage {
  readonly tags: readonly string[];
  readonly next: string | undefined;
}

function wrongDigest(
  subject: Subject,
  what: string,
  { digest, wanted }: { readonly digest: string; readonly wanted: string },
): Error {
  const text = `${what} has the digest ${digest} instead of ${quoted(wanted)}; push it anew`;
  return chartError("CHART_INVALID", subject, { text });
}

function parseTags(body: Buffer, subject: Subject): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    value = undefined;
  }
  const tags = typeof value === "object" && value !== null && "tags" in value ? value.tags : undefined;
  if (tags === null) return [];
  if (Array.isArray(tags)) return tags.filter((tag: unknown) => typeof tag === "string" && tagForm.test(tag));
  throw chartError("CHART_INVALID", subject, {
    text: "the list of tags cannot be read; check that it is a registry",
  });
}

/** The next page, if the answer names one at the same registry. */
function nextPage(answer: HttpAnswer): string | undefined {
  const { link } = answer.headers;
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(
    Array.isArray(link) ? link.join(",") : (link ?? ""),
  )?.[1];
  const url = target === undefined ? null : URL.parse(target, answer.url.href);
  return url !== null && url.host === answer.url.host ? url.pathname + url.search : undefined;
}
