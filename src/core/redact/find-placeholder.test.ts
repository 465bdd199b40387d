import { describe, expect, it } from "vitest";
import { findPlaceholder, hasPlaceholder } from "./find-placeholder.ts";
import { redactSecrets } from "./redact.ts";

describe("a placeholder of a hidden value", () => {
  it("is found wherever a client sends it back", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: {}, stringData: { a: "1", b: "2" } };
    const shown = redactSecrets(secret, { hash: () => "0123456789abcdef" });
    expect(findPlaceholder(shown)).toBe("stringData.a");
    expect(findPlaceholder([{ op: "add", value: { x: ["y", "<secret 01234567>"] } }])).toBe("0.value.x.1");
    expect(findPlaceholder("<secret 01234567>")).toBe("");
  });

  it("is not taken to be one when it is part of a text", () => {
    expect(findPlaceholder({ note: "shown as <secret 01234567> here", tag: "<secret>" })).toBeUndefined();
  });

  it.each([
    ["password: <secret 01234567>", true],
    ['password: "<secret 0123456789abcdef>"\nuser: ada', true],
    ["data: {a: '<secret 01234567>', b: c}", true],
    ["- <secret 01234567> # note", true],
    ["note: shown as <secret 01234567> here", false],
    ["note: <secret key>", false],
  ])("in %j: %s", (text, isThere) => {
    expect(hasPlaceholder(text)).toBe(isThere);
  });
});
