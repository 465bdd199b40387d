import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatImage, imageKey, parseImage } from "./image.ts";

const digest = `sha256:${"ab".repeat(32)}`;

describe("parseImage", () => {
  it.each([
    ["nginx", { name: "nginx" }],
    ["nginx:1.27", { name: "nginx", tag: "1.27" }],
    ["localhost:5000/web", { name: "localhost:5000/web" }],
    ["localhost:5000/web:v1", { name: "localhost:5000/web", tag: "v1" }],
    [`ghcr.io/acme/web:v1@${digest}`, { name: "ghcr.io/acme/web", tag: "v1", digest }],
    [`acme/web@${digest}`, { name: "acme/web", digest }],
    ["[::1]:5000/web:v1", { name: "[::1]:5000/web", tag: "v1" }],
  ])("reads %s", (text, image) => {
    expect(parseImage(text)).toEqual(image);
    expect(formatImage(image)).toBe(text);
  });

  it.each([
    "",
    "Nginx",
    "nginx:",
    "nginx@sha256:ab",
    `nginx@${digest}@${digest}`,
    "https://ghcr.io/acme/web",
    "web:a b",
    "../web",
    "{{ .Values.image }}",
    "acme//web",
    `a${"/a".repeat(400)}`,
  ])("is no image: %s", (text) => {
    expect(parseImage(text)).toBeUndefined();
  });

  it("never fails, and what it reads is written as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("aB0.:/@-_[]")) }), (text) => {
        const image = parseImage(text);
        if (image !== undefined) expect(formatImage(image)).toBe(text);
      }),
    );
  });
});

it("knows Docker Hub's images by any of their names", () => {
  const names = ["nginx", "docker.io/nginx", "library/nginx", "index.docker.io/library/nginx"];
  expect(new Set(names.map(imageKey))).toEqual(new Set(["docker.io/library/nginx"]));
  expect(imageKey("acme/web")).toBe("docker.io/acme/web");
  expect(imageKey("GHCR.io/acme/web")).toBe("ghcr.io/acme/web");
  expect(imageKey("localhost/web")).toBe("localhost/web");
});
