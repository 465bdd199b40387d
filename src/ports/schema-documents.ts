/** The OpenAPI v3 documents of one version of Kubernetes. */
export interface SchemaDocuments {
  /** As in `v1.37.2`. */
  readonly version: string;
  /** The JSON text of a document, such as that of `apis/apps/v1`; undefined where there is none. */
  openApiV3(path: string): string | undefined;
}
