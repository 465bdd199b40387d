import { isMooringError } from "#core/errors/index.ts";
import { viewArray, viewNumber, viewString } from "#core/object/index.ts";
import { sopsMark } from "#core/sops/index.ts";
import { decodeMessage, encodeMessage } from "../engine-message.ts";
import type { Decryption } from "./decrypt.ts";

/** An answer names the paths that the question named, links followed. */
const maxHeaderBytes = 1024 * 1024;

/**
 * An answer to an engine's question with the files in it decrypted. Files of a walk stay as they are: a chart holds files that
 * nobody uses, and whose keys nobody has.
 */
export function decryptAnswer(question: Uint8Array, answer: Uint8Array, decryption: Decryption): Uint8Array {
  if (!Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).includes(sopsMark)) return answer;
  const { header } = decodeMessage(question, maxHeaderBytes);
  const path = header["path"];
  if (header["ask"] === "open") return decryptOpened(answer, decryption);
  if (header["ask"] !== "read" || typeof path !== "string") return answer;
  const { body } = decodeMessage(answer, maxHeaderBytes);
  const { head, content } = decryptFile(path, body, decryption);
  return encodeMessage(head, content);
}

function decryptOpened(answer: Uint8Array, decryption: Decryption): Uint8Array {
  const { header, body } = decodeMessage(answer, maxHeaderBytes);
  let at = 0;
  const contents: Uint8Array[] = [];
  const found = viewArray(header, "found").map((one) => {
    const [path, size] = [viewString(one, "path"), viewNumber(one, "size")];
    if (path === undefined || size === undefined) return one;
    const file = decryptFile(path, body.subarray(at, at + size), decryption);
    at += size;
    contents.push(file.content);
    return { type: "file", path, ...file.head };
  });
  return encodeMessage({ found }, ...contents);
}

/** Nothing may be thrown through the engine: it ends with this error. */
function decryptFile(path: string, content: Uint8Array, decryption: Decryption) {
  try {
    const plain = decryption.file(path, content);
    return { head: { size: plain.length }, content: plain };
  } catch (error) {
    if (!isMooringError(error)) throw error;
    return { head: { error: { code: error.code, message: error.message } }, content: new Uint8Array() };
  }
}
