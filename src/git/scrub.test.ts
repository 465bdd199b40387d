import { expect, it } from "vitest";
import type { RepositoryCredentials } from "#core/repo/access.ts";
import { scrub } from "./scrub.ts";

function scrubbed(text: string, credentials: RepositoryCredentials, proxyUrl?: string): string {
  const url = "https://git.acme.com/shop";
  return scrub(text, {
    url,
    credentials,
    insecureSkipVerify: false,
    ...(proxyUrl !== undefined && { proxyUrl }),
  });
}

// Class: secrets told.
it("removes credentials in every form in which they may come back", () => {
  const basic = { kind: "basic", username: "ada", password: "p@ss word" } as const;
  const token = Buffer.from("ada:p@ss word").toString("base64");
  expect(scrubbed(`p@ss word, p%40ss%20word, Basic ${token}, https://x:y@host/`, basic)).toBe(
    "***, ***, Basic ***, https://host/",
  );
  expect(scrubbed("Bearer tok-1", { kind: "bearer", token: "tok-1" })).toBe("Bearer ***");
  const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\n-----END OPENSSH PRIVATE KEY-----\n";
  expect(scrubbed("bad line b3BlbnNzaA", { kind: "ssh", privateKey: key })).toBe("bad line ***");
  expect(scrubbed("proxy said hush", { kind: "none" }, "http://me:hush@proxy:3128")).toBe("proxy said ***");
});

it("leaves no control characters and no endless text", () => {
  expect(scrubbed("a\u001B[31mred\r\n\tb\u0000", { kind: "none" })).toBe("a [31mred b");
  expect(scrubbed("x".repeat(10_000), { kind: "none" })).toHaveLength(501);
});
