import { isMooringError } from "#core/errors/index.ts";
import { sopsMark } from "#core/sops/index.ts";
import { decodeMessage, encodeMessage } from "../engine-message.ts";
import type { Decryption } from "./decrypt.ts";

const maxHeaderBytes = 64 * 1024;

/**
 * An answer to an engine's question with the file in it decrypted. Files of a walk stay as they are: a chart holds files that
 * nobody uses, and whose keys nobody has.
 */
export function decryptAnswer(question: Uint8Array, answer: Uint8Array, decryption: Decryption): Uint8Array {
  if (!Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).includes(sopsMark)) return answer;
  const { header } = decodeMessage(question, maxHeaderBytes);
  const path = header["path"];
  if (header["ask"] !== "read" || typeof path !== "string") return answer;
  const { body } = decodeMessage(answer, maxHeaderBytes);
  try {
    const plain = decryption.file(path, body);
    return plain === body ? answer : encodeMessage({ size: plain.length }, plain);
  } catch (error) {
    // Nothing may be thrown through the engine: it ends with this error.
    if (!isMooringError(error)) throw error;
    return encodeMessage({ error: { code: error.code, message: error.message } });
  }
}
