import { all, fields, mapOf, mostly, one, seldom, someOf } from "../shapes.ts";
import type { RandomKind } from "./random-kind.ts";

const encoded = mostly(one("MQ==", "AAE=", ""), "no base64!", 5);

const immutable = mostly(one(false, false, false, true), "yes");

export const configMaps: RandomKind = {
  path: "/api/v1/namespaces/$ns/configmaps",
  head: { apiVersion: "v1", kind: "ConfigMap" },
  content: all(
    fields({
      data: mostly(
        someOf(["a", "b", "c.txt"], mostly(one("1", "2", "x\ny", ""), 1, true)),
        { "bad key": "x" },
        [],
      ),
      binaryData: someOf(["z", "y"], encoded),
      immutable,
    }),
    seldom({ unknown: one(1, { x: [1] }) }),
  ),
  minimal: {},
  weight: 12,
};

export const secrets: RandomKind = {
  path: "/api/v1/namespaces/$ns/secrets",
  head: { apiVersion: "v1", kind: "Secret" },
  content: fields({
    data: someOf(["a", "b", "tls.crt", "tls.key", ".dockerconfigjson", "username"], encoded),
    stringData: mapOf(["a", "b", "username", "password"], mostly(one("1", "2", "ü", ""), 1)),
    type: one(
      "Opaque",
      "",
      "Opaque",
      "kubernetes.io/tls",
      "kubernetes.io/basic-auth",
      "kubernetes.io/dockerconfigjson",
      "kubernetes.io/ssh-auth",
      "kubernetes.io/service-account-token",
      "bootstrap.kubernetes.io/token",
      "example.com/own",
    ),
    immutable,
  }),
  fieldSelectors: ["type=Opaque", "type!=Opaque"],
  minimal: {},
  weight: 12,
};
