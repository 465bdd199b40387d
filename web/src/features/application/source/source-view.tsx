import type { Application } from "../application-query.ts";
export function SourceView({ app }: { readonly app: Application }) {
  return <pre>{JSON.stringify(app.spec)}</pre>;
}
