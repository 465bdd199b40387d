import { once } from "node:events";
import { connect } from "node:http2";
import { request } from "node:https";
import type { ConnectionOptions } from "node:tls";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { viewObject } from "#core/object/index.ts";
import { createCertificateAuthority } from "../../tls/certificates.ts";
import { type ApiServer, startApiServer } from "../start-api-server.ts";
import { catalogOf } from "../testing.ts";

const authority = createCertificateAuthority("test");
const stranger = createCertificateAuthority("test");
const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const headers = { "content-type": "application/json" };

function startServer(): Promise<ApiServer> {
  const { certificate, key } = authority.issue({
    subject: { commonName: "server" },
    usage: "server",
    ipAddresses: ["127.0.0.1"],
  });
  return startApiServer({
    tls: { key, cert: certificate, clientCa: authority.certificate },
    authenticate: { anonymous: true },
    // Nothing here comes so far.
    api: {} as never,
    catalog: () => catalogOf([]),
    authorize: () => ({ allowed: true, reason: "" }),
    version: {},
    openApi: () => undefined,
  });
}

function credentials(issuer = authority): ConnectionOptions {
  const subject = { commonName: "alice", organization: "devs" };
  const { certificate, key } = issuer.issue({ subject, usage: "client" });
  return { ca: authority.certificate, cert: certificate, key };
}

async function whoAmI1(server: ApiServer, options: ConnectionOptions): Promise<unknown> {
  const outgoing = request(server.url + path, { ...options, method: "POST", headers, agent: false });
  outgoing.end("{}");
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  return answerOf(await text(incoming));
}

async function whoAmI2(server: ApiServer, options: ConnectionOptions): Promise<unknown> {
  const session = connect(server.url, options);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":path": path, ":method": "POST", ...headers });
  stream.end("{}");
  return answerOf(await text(stream));
}

function answerOf(body: string): unknown {
  const answer = JSON.parse(body) as { readonly code?: number; readonly status: never };
  return answer.code ?? viewObject(answer.status, "userInfo");
}

it.each([
  ["HTTP/1.1", whoAmI1],
  ["HTTP/2", whoAmI2],
])("knows users by their certificates over %s", async (_name, whoAmI) => {
  await using server = await startServer();
  expect(await whoAmI(server, credentials())).toEqual({
    username: "alice",
    groups: ["devs", "system:authenticated"],
  });
  expect(await whoAmI(server, { ca: authority.certificate })).toMatchObject({ username: "system:anonymous" });
  // Of an authority that only calls itself the same.
  expect(await whoAmI(server, credentials(stranger))).toBe(401);
});
