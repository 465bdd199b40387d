import type { AuthSettings } from "#core/accounts/index.ts";
import { viewString } from "#core/object/index.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import type { Settings } from "../contract/gen/argocd/settings_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";

type SettingsShape = ShapeOf<Settings>;

/** `cluster.SettingsService`: what clients need to know of the installation. */
export function settingsMethods(context: ApiContext): ServiceMethods<"settings", Caller> {
  return {
    get: (_request, { caller }) => {
      caller.needsNoPermission();
      const open = openSettings(context);
      return Promise.resolve(caller.identity === undefined ? open : { ...open, ...knownSettings(context) });
    },
    getPlugins: (_request, { caller }) => {
      caller.needsNoPermission();
      return Promise.resolve({ plugins: [] });
    },
  };
}

function text({ hub }: ApiContext, key: string): string {
  return viewString(hub.configMaps.get(`${hub.namespace}/argocd-cm`), "data", key) ?? "";
}

/** What somebody needs to log in, told to everybody. */
function openSettings(context: ApiContext): SettingsShape {
  const { settings } = context.authenticator;
  const isLoginPossible = [...settings.accounts.values()].some(
    ({ enabled, capabilities }) => enabled && capabilities.has("login"),
  );
  return {
    ...(settings.url === undefined ? {} : { url: settings.url }),
    ...(settings.additionalUrls.length === 0 ? {} : { additionalUrls: settings.additionalUrls }),
    ...ssoSettings(settings),
    ...(isLoginPossible ? {} : { userLoginsDisabled: true }),
    statusBadgeEnabled: text(context, "statusbadge.enabled") === "true",
    uiCssURL: text(context, "ui.cssurl"),
    uiBannerContent: text(context, "ui.bannercontent"),
    uiBannerURL: text(context, "ui.bannerurl"),
    uiBannerPermanent: text(context, "ui.bannerpermanent") === "true",
    uiBannerPosition: text(context, "ui.bannerposition"),
    uiLoginButtonText: text(context, "ui.loginButtonText"),
    help: { chatUrl: text(context, "help.chatUrl"), chatText: text(context, "help.chatText") },
    googleAnalytics: {},
    controllerNamespace: context.hub.namespace,
  };
}

function ssoSettings({ sso }: AuthSettings): SettingsShape {
  if (sso === undefined) return {};
  if (sso.kind === "dex") return { dexConfig: { connectors: [{ name: "Dex", type: "dex", id: "dex" }] } };
  const { name, issuer, clientId, cliClientId, scopes, requestedClaims, isPkceEnabled } = sso.config;
  return {
    oidcConfig: {
      name,
      issuer,
      clientID: clientId,
      cliClientID: cliClientId,
      scopes,
      idTokenClaims: requestedClaims,
      enablePKCEAuthentication: isPkceEnabled,
    },
  };
}

/** What only those are told who are logged in. */
function knownSettings(context: ApiContext): SettingsShape {
  const { settings } = context.config();
  return {
    appLabelKey: settings.instanceLabelKey,
    trackingMethod: settings.trackingMethod,
    installationID: settings.installationId,
    impersonationEnabled: settings.syncImpersonation,
    passwordPattern: context.authenticator.settings.passwordPattern,
    appsInAnyNamespaceEnabled: context.admitsNamespace("any"),
    resourceOverrides: {},
    execEnabled: false,
    hydratorEnabled: false,
    syncWithReplaceAllowed: true,
  };
}
