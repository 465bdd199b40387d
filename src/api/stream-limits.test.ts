import { describe, expect, it } from "vitest";
import { anonymousIdentity } from "./auth/identity.ts";
import type { Identity } from "./auth/index.ts";
import { createStreamLimits } from "./stream-limits.ts";

const { signal } = new AbortController();
const known = { groups: [], carrier: "bearer", issuedAtMs: 0, sessionExpiresAtMs: undefined } as const;

function user(name: string, issuer = "argocd"): Identity {
  return { ...known, kind: "local", username: name, subject: name, issuer, claims: {} };
}

function projectToken(id: string): Identity {
  const name = "proj:shop:ci";
  const own = { kind: "project", project: "shop", role: "ci", username: name, subject: name } as const;
  return { ...known, ...own, issuer: "argocd", claims: { jti: id } };
}

const reader = (identity: Identity | undefined, address?: string) => ({ identity, address });

describe("streams that are open", () => {
  it("are limited for each user, and end to count when they end or their client goes", () => {
    const limits = createStreamLimits({ maxPerReader: 2, maxInAll: 100 });
    const alice = reader(user("alice"), "192.0.2.1");
    const leave = new AbortController();
    const first = limits.enter(alice, signal);
    limits.enter(alice, leave.signal);
    expect(() => limits.enter(alice, signal)).toThrow(
      expect.objectContaining({
        code: "API_THROTTLED",
        message: expect.stringMatching(
          /^alice has 2 streams open, and 2 is the most .* raise --max-streams-per-user/u,
        ) as string,
      }),
    );
    limits.enter(reader(user("bob"), "192.0.2.1"), signal);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    limits.enter(alice, signal);
    expect(() => limits.enter(alice, signal)).toThrow("alice has 2 streams open");
    leave.abort();
    limits.enter(alice, signal);
    expect(limits.size).toBe(3);
  });

  it("are limited for each token of a project's role, and told apart by who made the name", () => {
    const limits = createStreamLimits({ maxPerReader: 1, maxInAll: 100 });
    for (const identity of [
      projectToken("a"),
      projectToken("b"),
      user("alice"),
      user("alice", "https://sso.example.com"),
    ]) {
      limits.enter(reader(identity), signal);
      expect(() => limits.enter(reader(identity), signal)).toThrow("1 streams open");
    }
  });

  it("are limited by address for who is nobody in particular, an IPv6 network being one", () => {
    const limits = createStreamLimits({ maxPerReader: 1, maxInAll: 100 });
    limits.enter(reader(anonymousIdentity, "192.0.2.1"), signal);
    limits.enter(reader(undefined, "192.0.2.2"), signal);
    limits.enter(reader(anonymousIdentity, "2001:db8::1"), signal);
    limits.enter(reader(anonymousIdentity), signal);
    for (const address of ["192.0.2.1", "192.0.2.2", "2001:db8::2", undefined]) {
      expect(() => limits.enter(reader(anonymousIdentity, address), signal)).toThrow("not logged in");
    }
  });

  it("are limited in all, whoever opens them", () => {
    const limits = createStreamLimits({ maxPerReader: 10, maxInAll: 3 });
    const streams = ["a", "b", "c"].map((name) => limits.enter(reader(user(name)), signal));
    expect(() => limits.enter(reader(user("d")), signal)).toThrow("the server has 3 streams open");
    for (const stream of streams) stream[Symbol.dispose]();
    limits.enter(reader(user("d")), signal);
    expect(limits.size).toBe(1);
  });

  it("cannot be limited to none", () => {
    expect(() => createStreamLimits({ maxPerReader: 0, maxInAll: 3 })).toThrow(
      "--max-streams-per-user is 0; it must be 1 or more",
    );
  });

  it("do not begin for a client that has gone", () => {
    const limits = createStreamLimits({ maxPerReader: 10, maxInAll: 3 });
    expect(() => limits.enter(reader(user("a")), AbortSignal.abort())).toThrow("aborted");
    expect(limits.size).toBe(0);
  });
});
