import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
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
  /** Ten years unless told. */
  readonly validDays?: number;
}

export interface CertificateAuthority {
  /** The authority's own certificate, PEM. */
  readonly certificate: string;
  /** Its private key, PEM: who has it can issue certificates. */
  readonly key: string;
  issue(request: LeafRequest): Certificate;
}

const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));
const dayMs = 24 * 60 * 60 * 1000;

const authorityDays = 3650;

/** A new authority; it lasts ten years unless told. node:crypto signs, but cannot write X.509. */
export function createCertificateAuthority(
  commonName: string,
  {
    validDays = authorityDays,
    nowMs = Date.now(),
  }: { readonly validDays?: number; readonly nowMs?: number } = {},
): CertificateAuthority {
  const keys = generateKeys();
  const subject = { commonName };
  const signer = { subject, keys };
  const extensions = [
    extension("2.5.29.19", sequence(boolean(true)), { critical: true }),
    // digitalSignature, keyCertSign, cRLSign
    extension("2.5.29.15", bits(Buffer.from([0b1000_0110]), 1), { critical: true }),
  ];
  return {
    certificate: writeCertificate(
      { subject, publicKey: keys.publicKey, extensions, validDays, nowMs },
      signer,
    ),
    key: pemOf(keys.privateKey),
    issue: (request) => issueLeaf(request, signer),
  };
}

/** An authority that was made before. Throws what node:crypto says of a certificate and a key that are none, or not of one another. */
export function openCertificateAuthority({ certificate, key }: Certificate): CertificateAuthority {
  const privateKey = createPrivateKey(key);
  const parsed = new X509Certificate(certificate);
  if (!parsed.checkPrivateKey(privateKey)) throw new Error("the key is not that of the certificate");
  const commonName = /^CN=(.*)$/mu.exec(parsed.subject)?.[1] ?? "";
  const signer = { subject: { commonName }, keys: { privateKey, publicKey: createPublicKey(privateKey) } };
  return { certificate, key, issue: (request) => issueLeaf(request, signer) };
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
  readonly validDays: number;
  readonly nowMs: number;
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
  const { subject, validDays = authorityDays } = request;
  const unsigned = { subject, publicKey: keys.publicKey, extensions, validDays, nowMs: Date.now() };
  return { certificate: writeCertificate(unsigned, signer), key: pemOf(keys.privateKey) };
}

function writeCertificate(unsigned: Unsigned, signer: Signer): string {
  const body = sequence(
    encode(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf(signer.subject),
    sequence(
      utcTime(new Date(unsigned.nowMs - dayMs)),
      utcTime(new Date(unsigned.nowMs + unsigned.validDays * dayMs)),
    ),
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
