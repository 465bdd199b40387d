import { isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewObject } from "#core/object/index.ts";

/** Reads the keys of a ConfigMap one by one; what is wrong is a problem, and never an exception. */
export interface ConfigMapReader {
  readonly problems: readonly string[];
  readonly keys: readonly string[];
  /** Undefined when the key is missing, empty or wrong. */
  readonly read: <T>(key: string, parse: (text: string) => T) => T | undefined;
  /** The same for a text that stands somewhere in the key's value. */
  readonly parse: <T>(key: string, text: string, parse: (text: string) => T) => T | undefined;
  readonly report: (message: string) => void;
  readonly name: (message: string) => string;
}

export function openConfigMap(configMap: KubeObject | undefined): ConfigMapReader {
  const { namespace = "argocd", name: objectName = "argocd-cm" } = configMap?.metadata ?? {};
  const values = viewObject(configMap, "data");
  const problems: string[] = [];
  const name = (message: string) => `ConfigMap/${namespace}/${objectName}: ${message}`;
  const report = (message: string) => void problems.push(name(message));
  const parse = <T>(key: string, text: string, parseText: (text: string) => T): T | undefined => {
    try {
      return parseText(text.trim());
    } catch (error) {
      if (!isMooringError(error, "CONFIG_INVALID")) throw error;
      report(`${key} is ignored, its default stands: ${error.message}`);
      return undefined;
    }
  };
  const read = <T>(key: string, parseText: (text: string) => T): T | undefined => {
    const value = values[key];
    if (typeof value !== "string" || value.trim() === "") return undefined;
    return parse(key, value, parseText);
  };
  return { problems, keys: Object.keys(values), read, parse, report, name };
}
