import { createDecipheriv, createHash } from "node:crypto";
import type { SopsCrypto } from "#core/sops/index.ts";

const tagBytes = 16;

export const sopsCrypto: SopsCrypto = {
  open: ({ data, iv, tag }, key, additionalData) => {
    const [nonce, authTag] = [Buffer.from(iv, "base64"), Buffer.from(tag, "base64")];
    if (nonce.length === 0 || authTag.length !== tagBytes) return undefined;
    const cipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(additionalData));
    cipher.setAuthTag(authTag);
    const plain = cipher.update(Buffer.from(data, "base64"));
    try {
      return Buffer.concat([plain, cipher.final()]);
    } catch {
      return undefined;
    }
  },
  startSha512: () => {
    const hash = createHash("sha512");
    return { update: (part) => void hash.update(part), digestHex: () => hash.digest("hex") };
  },
  decodeText: (bytes) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    return Buffer.from(text).equals(bytes) ? text : undefined;
  },
};
