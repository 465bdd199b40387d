import { MooringError } from "#core/errors/index.ts";
import { parseSigningKeysConfigMap } from "#core/integrity/index.ts";
import type { SigningKeyView } from "#engine/signing-keys.ts";
import { viewSigningKeys } from "#engine/signing-keys.ts";
import type { ServiceMethods } from "../../call.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  GnuPGPublicKeyCreateRequest,
  GnuPGPublicKeyCreateResponse,
  GnuPGPublicKeyQuery,
  GnuPGPublicKeyResponse,
} from "../../contract/gen/argocd/gpgkey_pb.ts";
import type { GnuPGPublicKey, GnuPGPublicKeyList } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { changeConfigMap } from "../config-map.ts";

type KeyShape = ShapeOf<GnuPGPublicKey>;

const configMapName = "argocd-gpg-keys-cm";

/** `gpgkey.GPGKeyService`. */
export function gpgKeyMethods(context: ApiContext): ServiceMethods<"gpgKey", Caller> {
  return {
    list: (_request, call) => list(context, call),
    get: (request, call) => get(context, request, call),
    create: (request, call) => create(context, request, call),
    delete: (request, call) => remove(context, request, call),
  };
}

function require(caller: Caller, action: string, object: string): void {
  caller.require({ resource: "gpgkeys", action, object });
}

function stored({ hub }: ApiContext) {
  return parseSigningKeysConfigMap(hub.configMaps.get(`${hub.namespace}/${configMapName}`));
}

/** Every key, without its text. */
async function list(context: ApiContext, { caller }: ApiCall): Promise<ShapeOf<GnuPGPublicKeyList>> {
  require(caller, "get", "");
  const items: KeyShape[] = [];
  for (const [id, text] of Object.entries(stored(context))) {
    const views = await viewSigningKeys(text, `ConfigMap/${configMapName} field ${id}`);
    items.push(...views.map(({ keyData: _text, ...view }) => present(view)));
  }
  return { metadata: {}, items };
}

function present(view: Omit<SigningKeyView, "keyData"> & { readonly keyData?: string }): KeyShape {
  return { ...view, trust: "" };
}

async function get(
  context: ApiContext,
  { keyID = "" }: ShapeOf<GnuPGPublicKeyQuery>,
  { caller }: ApiCall,
): Promise<KeyShape> {
  require(caller, "get", keyID);
  const text = stored(context)[keyID];
  if (text === undefined) throw unknown(keyID);
  const [view] = await viewSigningKeys(text, `ConfigMap/${configMapName} field ${keyID}`);
  if (view === undefined) throw unknown(keyID);
  return present(view);
}

function unknown(id: string): MooringError {
  return new MooringError(
    "CONFIG_NOT_FOUND",
    `GnuPG key ${id}: is not in ${configMapName}; see the list of keys`,
  );
}

/** Adds the keys of an armored text. One that is there already is skipped, unless `upsert` has it replaced. */
async function create(
  context: ApiContext,
  { publickey = {}, upsert = false }: ShapeOf<GnuPGPublicKeyCreateRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<GnuPGPublicKeyCreateResponse>> {
  require(caller, "create", publickey.keyID ?? "");
  const views = await viewSigningKeys(publickey.keyData ?? "", "publickey.keyData");
  let skipped: readonly string[] = [];
  await changeConfigMap(context, configMapName, {
    decide: (object) => {
      const known = parseSigningKeysConfigMap(object);
      skipped = views.map(({ keyID }) => keyID).filter((id) => known[id] !== undefined && !upsert);
      const added = views.filter(({ keyID }) => !skipped.includes(keyID));
      return Object.fromEntries(added.map(({ keyID, keyData }) => [keyID, keyData]));
    },
    signal,
  });
  const items = views
    .filter(({ keyID }) => !skipped.includes(keyID))
    .map(({ keyData: _text, ...view }) => present(view));
  return { created: { metadata: {}, items }, skipped };
}

async function remove(
  context: ApiContext,
  { keyID = "" }: ShapeOf<GnuPGPublicKeyQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<GnuPGPublicKeyResponse>> {
  require(caller, "delete", keyID);
  await changeConfigMap(context, configMapName, {
    decide: (object) => {
      if (parseSigningKeysConfigMap(object)[keyID] === undefined) throw unknown(keyID);
      return { [keyID]: null };
    },
    signal,
  });
  return {};
}
