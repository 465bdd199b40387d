import { MooringError } from "#core/errors/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewNumber, viewObject, viewString } from "#core/object/index.ts";
import { secretText, withSecretText } from "./secret-data.ts";

/** A session that was ended before its time. Id and subject are hashes. */
export interface RevokedSession {
  readonly id: string;
  readonly subject: string;
  /** When it was ended, in seconds since 1970. */
  readonly at: number;
  /** Until when tokens of the session could be accepted. */
  readonly until: number;
}

/** Every session of a subject that began before a moment: what its entries become when there are too many. */
interface RevokedSubject {
  readonly issuedBefore: number;
  readonly until: number;
}

export interface Revocations {
  readonly sessions: ReadonlyMap<string, RevokedSession>;
  readonly subjects: ReadonlyMap<string, RevokedSubject>;
}

export const revokedSecretName = "mooring-revoked-tokens";
export const noRevocations: Revocations = { sessions: new Map(), subjects: new Map() };

const dataKey = "revoked";

/** With these the Secret stays under what Kubernetes stores in one object. */
const maxEntries = 8_000;
const entriesAfterFolding = 6_000;
/** The clocks of replicas may be apart. */
const skewSeconds = 5;

/** What a token says that can have been revoked. */
export interface RevocableToken {
  /** Hashes of its own id and of the session's that it continues. */
  readonly ids: readonly string[];
  readonly subject: string;
  /** In seconds since 1970. */
  readonly issuedAt: number;
}

export function isRevoked(revocations: Revocations, token: RevocableToken): boolean {
  if (token.ids.some((id) => revocations.sessions.has(id))) return true;
  const all = revocations.subjects.get(token.subject);
  return all !== undefined && token.issuedAt < all.issuedBefore;
}

/**
 * With one more session revoked, and without what is past. When there are too many entries, those of the subjects with the most
 * become one for each of them that ends all its sessions up to now: nothing revoked comes back, and what whoever fills the list
 * loses is their own.
 */
export function addRevocation(
  revocations: Revocations,
  session: RevokedSession,
  nowSeconds: number,
): Revocations {
  const kept = withoutPast(revocations, nowSeconds);
  const sessions = new Map(kept.sessions).set(session.id, session);
  return sessions.size <= maxEntries ? { ...kept, sessions } : fold({ ...kept, sessions }, nowSeconds);
}

/** What can still matter: tokens that could be accepted, and are not ended by what ends all of their subject. */
export function withoutPast({ sessions, subjects }: Revocations, nowSeconds: number): Revocations {
  const matters = ({ subject, at, until }: RevokedSession) =>
    until > nowSeconds && at >= (subjects.get(subject)?.issuedBefore ?? 0);
  return {
    sessions: new Map([...sessions].filter(([, session]) => matters(session))),
    subjects: new Map([...subjects].filter(([, { until }]) => until > nowSeconds)),
  };
}

function fold({ sessions, subjects }: Revocations, nowSeconds: number): Revocations {
  const bySubject = Map.groupBy(sessions.values(), ({ subject }) => subject);
  const most = [...bySubject].toSorted(([, a], [, b]) => b.length - a.length);
  const [left, folded] = [new Map(sessions), new Map(subjects)];
  for (const [subject, ended] of most) {
    if (left.size <= entriesAfterFolding) break;
    for (const { id } of ended) left.delete(id);
    const until = Math.max(...ended.map((session) => session.until), folded.get(subject)?.until ?? 0);
    folded.set(subject, { issuedBefore: nowSeconds + 1 + skewSeconds, until });
  }
  return { sessions: left, subjects: folded };
}

/** Both together: what one of them revokes is revoked. */
export function joinRevocations(a: Revocations, b: Revocations): Revocations {
  const subjects = new Map(a.subjects);
  for (const [subject, found] of b.subjects) {
    const { issuedBefore, until } = subjects.get(subject) ?? found;
    subjects.set(subject, {
      issuedBefore: Math.max(issuedBefore, found.issuedBefore),
      until: Math.max(until, found.until),
    });
  }
  return { sessions: new Map([...a.sessions, ...b.sessions]), subjects };
}

/** Reads the Secret. Throws CONFIG_INVALID when it holds something else. */
export function parseRevocations(secret: KubeObject | undefined): Revocations {
  const text = secretText(secret, dataKey);
  if (text === undefined) return noRevocations;
  const value = readJson(text);
  const sessions = Object.entries(viewObject(value, "sessions")).flatMap(([id, entry]) => {
    const subject = viewString(entry, "subject");
    const [at, until] = [viewNumber(entry, "at"), viewNumber(entry, "until")];
    const isWhole = subject !== undefined && at !== undefined && until !== undefined;
    return isWhole ? [[id, { id, subject, at, until }] as const] : [];
  });
  const subjects = Object.entries(viewObject(value, "subjects")).flatMap(([subject, entry]) => {
    const [issuedBefore, until] = [viewNumber(entry, "issuedBefore"), viewNumber(entry, "until")];
    return issuedBefore === undefined || until === undefined
      ? []
      : [[subject, { issuedBefore, until }] as const];
  });
  return { sessions: new Map(sessions), subjects: new Map(subjects) };
}

function readJson(text: string): JsonValue {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw new MooringError("CONFIG_INVALID", unreadable, { cause: error });
  }
  throw new MooringError("CONFIG_INVALID", unreadable);
}

const unreadable = `Secret ${revokedSecretName}: ${dataKey} is not what the server wrote there, so which sessions were ended is not known; delete the Secret, and change server.secretkey of argocd-secret to end all sessions`;

/** The Secret with these revocations in place of what it held. */
export function withRevocations(secret: KubeObject, { sessions, subjects }: Revocations): KubeObject {
  const value = {
    sessions: Object.fromEntries(
      [...sessions].map(([id, { subject, at, until }]) => [id, { subject, at, until }]),
    ),
    subjects: Object.fromEntries(subjects),
  };
  return withSecretText(secret, { [dataKey]: JSON.stringify(value) });
}
