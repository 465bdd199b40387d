import { expect, it } from "vitest";
import { proxyOf } from "./proxy-of.ts";

const proxyUrl = "http://proxy:3128";
const through = (url: string, noProxy: string) =>
  proxyOf(new URL(url), { proxyUrl, noProxy }, {}) === proxyUrl;

it.for([
  ["acme.com", "https://acme.com https://a.acme.com", "https://notacme.com https://acme.com.evil.com"],
  [".acme.com", "https://a.acme.com", "https://acme.com"],
  ["*.acme.com", "https://a.acme.com", "https://acme.com"],
  ["acme.com:8443, b.com", "https://acme.com:8443 http://b.com:81", "https://acme.com"],
  [
    "10.0.0.0/8,fd00::/8",
    "https://10.2.3.4 https://[fd00::1]",
    "https://11.0.0.1 https://[fe00::1] https://ten.com",
  ],
  ["10.0.0.1", "https://10.0.0.1", "https://10.0.0.10"],
  ["*", "https://any.com", ""],
  ["", "https://localhost https://127.0.0.1 https://[::1]", "https://any.com"],
])(
  "with no_proxy %j reaches %s directly and %s through the proxy",
  ([noProxy = "", direct = "", proxied = ""]) => {
    const split = (urls: string) => urls.split(" ").filter((url) => url !== "");
    expect(split(direct).filter((url) => through(url, noProxy))).toEqual([]);
    expect(split(proxied).filter((url) => !through(url, noProxy))).toEqual([]);
  },
);

it("falls back to the environment's proxy for the scheme", () => {
  const environment = { HTTPS_PROXY: "secure:1", http_proxy: "http://plain:2", NO_PROXY: "acme.com" };
  const found = (url: string) => proxyOf(new URL(url), {}, environment);
  expect([found("https://a.com"), found("http://a.com"), found("https://acme.com")]).toEqual([
    "http://secure:1",
    "http://plain:2",
    undefined,
  ]);
});
