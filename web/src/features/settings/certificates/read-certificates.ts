import type { Certificate } from "../queries.ts";

/** What is typed as known hosts, or what is wrong with it. */
export type ReadHosts = { readonly items: readonly Certificate[] } | { readonly problem: string };

/** Reads lines as ssh-keyscan prints them: names, type of the key, the key. Comments are left out. */
export function readKnownHosts(text: string): ReadHosts {
  const items: Certificate[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const [host = "", type = "", key = ""] = trimmed.split(/\s+/u);
    if (host.startsWith("@")) return { problem: `Line ${i + 1}: markers such as ${host} are not kept here.` };
    if (!/^(?:ssh-|ecdsa-|sk-)/u.test(type) || !/^[A-Za-z0-9+/]+=*$/u.test(key))
      return { problem: `Line ${i + 1}: is not “host type key”, as ssh-keyscan prints it.` };
    items.push({ serverName: host, certType: "ssh", certSubType: type, certData: btoa(key) });
  }
  return items.length === 0 ? { problem: "There is no key in it." } : { items };
}

/** A certificate as the API takes it, or what is wrong with it. The text is ASCII, as PEM is. */
export function readCertificate(host: string, pem: string): ReadHosts {
  const name = host.trim();
  if (name === "" || /[\s/]/u.test(name))
    return { problem: "Give the server's name, such as git.example.com." };
  if (!/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/u.test(pem))
    return { problem: "Give the certificate in PEM: it begins with -----BEGIN CERTIFICATE-----." };
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
  const ascii = blocks.join("\n").replaceAll(/[^\n\r\u0020-\u007E]/gu, "");
  return {
    items: [{ serverName: name.toLowerCase(), certType: "https", certSubType: "", certData: btoa(ascii) }],
  };
}
