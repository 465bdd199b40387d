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

/** Throws API_UNAUTHENTICATED for a token that is not the secret; of a sender who signs it says nothing. Needs no body. */
export function verifyToken({ name, proof }: WebhookProvider, head: WebhookHead, secrets: Secrets): void {
  if (proof.kind !== "token" || !keysOf(proof).some((key) => secrets.has(key))) return;
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
  const given = proof.headers
    .map((header) => signed.head.headers[header.toLowerCase()])
    .find((value) => value !== undefined);
  const wanted = `${proof.prefix}${createHmac("sha256", secret).update(signed.body).digest("hex")}`;
  if (typeof given !== "string" || !isSame(given.toLowerCase(), wanted))
    throw wrongProof(name, proof.headers[0] ?? "", proof);
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
