/**
 * Removes the history of every object from etcd, so that reads and watches from an older
 * resourceVersion end in 410 Gone once the API server has noticed. Returns the revision.
 */
export async function compactEtcd(etcdUrl: string): Promise<number> {
  const { header } = await post(`${etcdUrl}/v3/kv/range`, { key: Buffer.from("compact").toString("base64") });
  const revision = Number(header.revision);
  await post(`${etcdUrl}/v3/kv/compaction`, { revision, physical: true });
  return revision;
}

async function post(url: string, body: object): Promise<{ header: { revision: string } }> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: answered ${response.status}: ${text}`);
  return JSON.parse(text) as { header: { revision: string } };
}
