import { expect, it } from "vitest";
import { readDexServer } from "./dex-server.ts";

it("reads where Dex listens, with TLS for a mere host as in Argo CD", () => {
  const read = (address: string, plain = "") =>
    readDexServer({ ARGOCD_SERVER_DEX_SERVER: address, ARGOCD_SERVER_DEX_SERVER_PLAINTEXT: plain });
  expect(readDexServer({})).toBeUndefined();
  expect(read("")).toBeUndefined();
  expect(read("argocd-dex-server:5556")).toBe("https://argocd-dex-server:5556");
  expect(read("argocd-dex-server:5556", "true")).toBe("http://argocd-dex-server:5556");
  expect(read("http://argocd-dex-server:5556/")).toBe("http://argocd-dex-server:5556");
  for (const wrong of ["ftp://dex", "http://dex/api/dex", "http://", "http://user@dex", "a b"]) {
    expect(() => read(wrong), `${wrong}`).toThrow(
      `ARGOCD_SERVER_DEX_SERVER is ${JSON.stringify(wrong)}; write where`,
    );
  }
});
