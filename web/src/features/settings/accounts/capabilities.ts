const names: Readonly<Record<string, string>> = { login: "log in", apiKey: "have tokens" };

/** What an account can do, in words. */
export function capabilityNames(capabilities: readonly string[]): readonly string[] {
  return capabilities.map((one) => names[one] ?? one);
}
