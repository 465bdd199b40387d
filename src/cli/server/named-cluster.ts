/** How requests name a cluster that is given by its URL or its name. */
export function namedCluster(text: string) {
  return text.includes("://") ? { server: text } : { name: text, id: { type: "name", value: text } };
}
