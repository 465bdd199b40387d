import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { WebhookSettings } from "#core/webhook/index.ts";
import type { Proof, WebhookHead, WebhookProvider } from "./providers.ts";

type Secrets = WebhookSettings["secrets"];

/** Whether an event of a sender must prove that it is theirs. */
export function asksForProof({ proof }: WebhookProvider, secrets: Secrets): boolean {
  return keysOf(proof).some((key) => secrets.has(key));
}

function keysOf(proof: Proof) {
  return proof.kind === "signature" ? [proof.key] : proof.keys;
}

/**
 * What the head says of the proof: throws API_UNAUTHENTICATED for a token that is not the secret, and for a signature that is none. Whether a
 * signature is right, only the body tells.
 */
export function verifyHead({ name, proof }: WebhookProvider, head: WebhookHead, secrets: Secrets): void {
  if (!keysOf(proof).some((key) => secrets.has(key))) return;
  if (proof.kind === "signature") {
    if (signatureOf(proof, head) === undefined) throw wrongProof(name, proof.headers[0] ?? "", proof);
    return;
  }
  const wanted = proof.wanted((key) => secrets.get(key) ?? "");
  if (!isSame(proof.given(head) ?? "", wanted)) throw wrongProof(name, proof.place, proof);
}

/** Throws API_UNAUTHENTICATED for a body that was not signed with the secret. */
export function verifySignature(
  { name, proof }: WebhookProvider,
  signed: { readonly head: WebhookHead; readonly body: Uint8Array },
  secrets: Secrets,
): void {
  if (proof.kind !== "signature") return;
  const secret = secrets.get(proof.key);
  if (secret === undefined) return;
  const given = signatureOf(proof, signed.head);
  const wanted = createHmac("sha256", secret).update(signed.body).digest("hex");
  if (given === undefined || !isSame(given, wanted)) throw wrongProof(name, proof.headers[0] ?? "", proof);
}

/** The digits of a signature, of the first header that is there; undefined for what is none. */
function signatureOf(
  { headers, prefix }: Extract<Proof, { readonly kind: "signature" }>,
  head: WebhookHead,
): string | undefined {
  const given = headers
    .map((header) => head.headers[header.toLowerCase()])
    .find((value) => value !== undefined);
  const text = typeof given === "string" ? given.toLowerCase() : "";
  const digits = text.startsWith(prefix) ? text.slice(prefix.length) : "";
  return /^[\da-f]{64}$/u.test(digits) ? digits : undefined;
}

/** Takes as long whatever is in them, and however long they are. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function wrongProof(name: string, place: string, proof: Proof): MooringError {
  const keys = keysOf(proof).join(" and ");
  return new MooringError(
    "API_UNAUTHENTICATED",
    `webhook of ${name}: ${place} does not prove that the sender knows ${keys} of Secret argocd-secret; set the same secret on both sides`,
  );
}
