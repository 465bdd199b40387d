import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { bits, boolean, encode, integer, objectId, octets, sequence, setOf, utcTime, utf8 } from "./der.ts";

/** A certificate and its key, both PEM. */
interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

interface Subject {
  readonly commonName: string;
  /** Kubernetes reads it as a group. */
  readonly organization?: string;
}

interface LeafRequest {
  readonly subject: Subject;
  readonly usage: "server" | "client";
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

export interface CertificateAuthority {
  /** The authority's own certificate, PEM. */
  readonly certificate: string;
  issue(request: LeafRequest): Certificate;
}

const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));
const dayMs = 24 * 60 * 60 * 1000;

/** A new authority whose certificates last ten years: node:crypto signs, but cannot write X.509. */
export function createCertificateAuthority(commonName: string): CertificateAuthority {
  const keys = generateKeys();
  const subject = { commonName };
  const signer = { subject, keys };
  const extensions = [
    extension("2.5.29.19", sequence(boolean(true)), { critical: true }),
    // digitalSignature, keyCertSign, cRLSign
    extension("2.5.29.15", bits(Buffer.from([0b1000_0110]), 1), { critical: true }),
  ];
  return {
    certificate: writeCertificate({ subject, publicKey: keys.publicKey, extensions }, signer),
    issue: (request) => issueLeaf(request, signer),
  };
}

/** A new P-256 key, PEM, in the form from which kube-apiserver can also read the public key. */
export function createSigningKey(): string {
  return generateKeys().privateKey.export({ type: "sec1", format: "pem" }).toString();
}

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

interface Signer {
  readonly subject: Subject;
  readonly keys: Keys;
}

interface Unsigned {
  readonly subject: Subject;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function issueLeaf(request: LeafRequest, signer: Signer): Certificate {
  const keys = generateKeys();
  const purpose = request.usage === "server" ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
  const names = [
    ...(request.dnsNames ?? []).map((name) => encode(0x82, Buffer.from(name))),
    ...(request.ipAddresses ?? []).map((address) =>
      encode(0x87, Buffer.from(address.split(".").map(Number))),
    ),
  ];
  const extensions = [
    extension("2.5.29.19", sequence(), { critical: true }),
    // digitalSignature
    extension("2.5.29.15", bits(Buffer.from([0b1000_0000]), 7), { critical: true }),
    extension("2.5.29.37", sequence(objectId(purpose))),
    ...(names.length === 0 ? [] : [extension("2.5.29.17", sequence(...names))]),
  ];
  const unsigned = { subject: request.subject, publicKey: keys.publicKey, extensions };
  return { certificate: writeCertificate(unsigned, signer), key: pemOf(keys.privateKey) };
}

function writeCertificate(unsigned: Unsigned, signer: Signer): string {
  const body = sequence(
    encode(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf(signer.subject),
    sequence(utcTime(new Date(Date.now() - dayMs)), utcTime(new Date(Date.now() + 3650 * dayMs))),
    nameOf(unsigned.subject),
    publicKeyInfo(unsigned.publicKey),
    encode(
      0xa3,
      sequence(
        ...unsigned.extensions,
        extension("2.5.29.14", octets(keyId(unsigned.publicKey))),
        extension("2.5.29.35", sequence(encode(0x80, keyId(signer.keys.publicKey)))),
      ),
    ),
  );
  const signature = sign("sha256", body, signer.keys.privateKey);
  const der = sequence(body, ecdsaWithSha256, bits(signature));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function extension(id: string, value: Uint8Array, options: { critical?: boolean } = {}): Buffer {
  return sequence(objectId(id), ...(options.critical === true ? [boolean(true)] : []), octets(value));
}

function nameOf({ organization, commonName }: Subject): Buffer {
  const part = (id: string, value: string) => setOf(sequence(objectId(id), utf8(value)));
  return sequence(
    ...(organization === undefined ? [] : [part("2.5.4.10", organization)]),
    part("2.5.4.3", commonName),
  );
}

function generateKeys(): Keys {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function publicKeyInfo(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

function keyId(key: KeyObject): Buffer {
  return createHash("sha1").update(publicKeyInfo(key)).digest();
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}
