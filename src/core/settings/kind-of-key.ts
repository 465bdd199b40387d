/** `example.com_Widget` is `example.com/Widget`; keys of a ConfigMap hold neither slashes nor stars. */
export function kindOfKey(name: string): string | undefined {
  if (name === "all") return "*/*";
  const parts = name.split("_");
  return parts.length > 2 || parts.at(-1) === "" ? undefined : parts.join("/");
}
