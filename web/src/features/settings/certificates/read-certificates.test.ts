import { describe, expect, it } from "vitest";
import { readCertificate, readKnownHosts } from "./read-certificates.ts";

describe("known hosts", () => {
  it("are read as ssh-keyscan prints them", () => {
    const text =
      "# git.example:22 SSH-2.0\n\n git.example ssh-ed25519 AAAA \n[x]:2222 ecdsa-sha2-nistp256 BBBB= me\n";
    expect(readKnownHosts(text)).toEqual({
      items: [
        { serverName: "git.example", certType: "ssh", certSubType: "ssh-ed25519", certData: btoa("AAAA") },
        {
          serverName: "[x]:2222",
          certType: "ssh",
          certSubType: "ecdsa-sha2-nistp256",
          certData: btoa("BBBB="),
        },
      ],
    });
  });

  it.each([
    ["", "There is no key in it."],
    ["# nothing", "There is no key in it."],
    ["git.example ssh-ed25519 AAAA\ngit.example", "Line 2: is not “host type key”"],
    ["git.example ssh-ed25519 <b>", "Line 1: is not “host type key”"],
    ["ssh-ed25519 AAAA me@home", "Line 1: is not “host type key”"],
    ["@revoked git.example ssh-rsa AAAA", "Line 1: markers such as @revoked"],
  ])("are refused with the line: %j", (text, problem) => {
    expect(readKnownHosts(text)).toEqual({ problem: expect.stringContaining(problem) as string });
  });
});

describe("a certificate", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";

  it("is taken with what belongs to it and nothing around", () => {
    const text = `subject: Füße\n${pem}\nother\n${pem}\n-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----`;
    expect(readCertificate(" Git.Example ", text)).toEqual({
      items: [
        { serverName: "git.example", certType: "https", certSubType: "", certData: btoa(`${pem}\n${pem}`) },
      ],
    });
  });

  it.each([
    ["", pem, "Give the server's name"],
    ["https://git.example", pem, "Give the server's name"],
    ["git.example", "AAAA", "Give the certificate in PEM"],
  ])("is refused: %s", (host, text, problem) => {
    expect(readCertificate(host, text)).toEqual({ problem: expect.stringContaining(problem) as string });
  });
});
