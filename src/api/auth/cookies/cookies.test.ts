import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatChunkedCookie, joinChunkedCookie, parseCookies, removeChunkedCookie } from "./cookies.ts";
import { seal, unseal } from "./sealed.ts";

const scope = { path: "/argo", isSecure: false };
const headerOf = (setCookies: readonly string[]): string =>
  setCookies.map((each) => each.split(";", 1)[0] ?? "").join("; ");

describe("a value in several cookies", () => {
  it("comes back whole, whatever its length and however the browser orders it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), fc.boolean(), (length, isReversed) => {
        const value = Array.from({ length }, (_, index) => "abcdefghij.-_"[index % 13]).join("");
        const set = formatChunkedCookie("argocd.token", value, scope);
        expect(set.every((each) => each.length <= 4_000)).toBe(true);
        const header = headerOf(isReversed ? set.toReversed() : set);
        expect(joinChunkedCookie(parseCookies(header), "argocd.token")).toBe(value);
      }),
      { numRuns: 40 },
    );
  });

  it("is written as Argo CD writes it", () => {
    expect(formatChunkedCookie("argocd.token", "abc", scope)).toEqual([
      "argocd.token=abc; Path=/argo; HttpOnly; SameSite=Lax",
    ]);
    const [first, second] = formatChunkedCookie("argocd.token", "x".repeat(5_000), scope);
    expect(first).toMatch(/^argocd\.token=2:x+; /u);
    expect(second).toMatch(/^argocd\.token-1=x+; /u);
  });

  it("is nothing when a part is missing or the count is none", () => {
    const join = (header: string) => joinChunkedCookie(parseCookies(header), "t");
    expect([
      join(""),
      join("t="),
      join("t=2:a"),
      join("t=0:a"),
      join("t=99:a"),
      join("t=2:a; t-2=b"),
    ]).toEqual(Array.from({ length: 6 }));
    expect(join("t=2:a; t-1=b; t=other")).toBe("ab");
  });

  it("is refused when it is too long for a browser", () => {
    expect(() => formatChunkedCookie("argocd.token", "x".repeat(100_000), scope)).toThrow(
      expect.objectContaining({ code: "API_SSO_INVALID" }),
    );
  });

  it("is removed with all the parts that the browser has", () => {
    const sent = parseCookies("t=3:a; t-1=b; t-2=c; t-x=d; other=e");
    expect(removeChunkedCookie(sent, "t", scope).map((each) => each.split(";", 1)[0])).toEqual([
      "t=",
      "t-1=",
      "t-2=",
    ]);
  });
});

describe("a sealed value", () => {
  const signingKey = new TextEncoder().encode("a key of more than sixteen letters");

  it("is opened for its purpose with its key alone, and not when a bit was changed", () => {
    const sealed = seal({ a: "secret" }, { signingKey, purpose: "user info" });
    expect(unseal(sealed, { signingKey, purpose: "user info" })).toEqual({ a: "secret" });
    expect(unseal(sealed, { signingKey, purpose: "sso login" })).toBeUndefined();
    expect(unseal(sealed, { signingKey: new Uint8Array(32), purpose: "user info" })).toBeUndefined();
    expect(sealed).not.toContain("secret");
    const bytes = Buffer.from(sealed, "base64url");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(unseal(changed.toString("base64url"), { signingKey, purpose: "user info" })).toBeUndefined();
      }),
    );
  });

  it("is nothing when it is anything else", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unseal(text, { signingKey, purpose: "known device" })).toBeUndefined();
      }),
    );
  });
});
