/** Checks of names; each gives what is wrong with a text in the API server's words, nothing when it is right. */
export type NameCheck = (name: string) => readonly string[];

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const dns1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const keyName = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const labelValue = `(${keyName})?`;
const patterns = {
  label: new RegExp(`^${label}$`),
  subdomain: new RegExp(`^${subdomain}$`),
  dns1035: new RegExp(`^${dns1035}$`),
  keyName: new RegExp(`^${keyName}$`),
  labelValue: new RegExp(`^${labelValue}$`),
};

export const isLabel: NameCheck = (name) => {
  if (patterns.label.test(name)) return longerThan(name, 63);
  const shape = patterns.subdomain.test(name)
    ? "must not contain dots"
    : wrongShape(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
        label,
        ["my-name", "123-abc"],
      );
  return [...longerThan(name, 63), shape];
};

export const isSubdomain: NameCheck = (name) => {
  if (patterns.subdomain.test(name)) return longerThan(name, 253);
  const words =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...longerThan(name, 253), wrongShape(words, subdomain, ["example.com"])];
};

export const isDns1035Label: NameCheck = (name) => {
  if (patterns.dns1035.test(name)) return longerThan(name, 63);
  const words =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...longerThan(name, 63), wrongShape(words, dns1035, ["my-name", "abc-123"])];
};

export const isWildcardSubdomain: NameCheck = (name) => {
  const pattern = `\\*\\.${subdomain}`;
  if (new RegExp(`^${pattern}$`).test(name)) return longerThan(name, 253);
  const words =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...longerThan(name, 253), wrongShape(words, pattern, ["*.example.com"])];
};

/** A name that fits into one segment of a path; roles and the like are named freely. */
export const isPathSegment: NameCheck = (name) => {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
};

const keyWords =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const keyExamples = ["MyName", "my.name", "123-abc"];

/** Keys of labels, annotations (which may have capitals in the prefix) and finalizers. */
export const isLabelKey: NameCheck = (key) => {
  const parts = key.split("/");
  if (parts.length > 2) {
    const shape = wrongShape(keyWords, keyName, keyExamples);
    return [
      `a valid label key ${shape} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? "";
  const errors = parts.length === 2 ? prefixErrors(parts[0] ?? "") : [];
  if (name === "") errors.push("name part must be non-empty");
  errors.push(...longerThan(name, 63, "bytes").map((error) => `name part ${error}`));
  if (!patterns.keyName.test(name)) errors.push(`name part ${wrongShape(keyWords, keyName, keyExamples)}`);
  return errors;
};

function prefixErrors(prefix: string): string[] {
  if (prefix === "") return ["prefix part must be non-empty"];
  return isSubdomain(prefix).map((error) => `prefix part ${error}`);
}

export const isLabelValue: NameCheck = (value) => {
  if (patterns.labelValue.test(value)) return longerThan(value, 63, "bytes");
  const words =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...longerThan(value, 63, "bytes"), wrongShape(words, labelValue, ["MyValue", "my_value", "12345"])];
};

/** Keys of ConfigMaps and Secrets. */
export const isConfigKey: NameCheck = (key) => {
  const errors = [...longerThan(key, 253)];
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
    const pattern = "[-._a-zA-Z0-9]+";
    const words = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    errors.push(wrongShape(words, pattern, ["key.name", "KEY_NAME", "key-name"]));
  }
  if (key === ".") errors.push("must not be '.'");
  else if (key === "..") errors.push("must not be '..'");
  else if (key.startsWith("..")) errors.push("must not start with '..'");
  return errors;
};

export const isPortName: NameCheck = (name) => {
  const errors = [...longerThan(name, 15)];
  if (!/^[-a-z0-9]+$/.test(name))
    errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(name)) errors.push("must contain at least one letter (a-z)");
  if (name.includes("--")) errors.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) errors.push("must not begin or end with a hyphen");
  return errors;
};

/** Environment variables may have any printable name without `=`. */
export const isVariableName: NameCheck = (name) => {
  if (name === "") return ["environment variable name must be non-empty"];
  if (/^[\u0020-\u003c\u003e-\u007e]+$/.test(name)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};

function longerThan(text: string, max: number, unit = "characters"): readonly string[] {
  return Buffer.byteLength(text) > max ? [`must be no more than ${max} ${unit}`] : [];
}

/** How the API server tells of a text that does not fit a pattern. */
function wrongShape(words: string, pattern: string, examples: readonly string[]): string {
  const given = examples.map((example) => `'${example}'`).join(",  or ");
  return `${words} (e.g. ${given}, regex used for validation is '${pattern}')`;
}
