/** What a repository is. `helmOci` is how Argo CD names charts in a registry. */
export type Kind = "git" | "helm" | "helmOci" | "oci";

/** How one proves who one is. `keep` leaves what is stored as it is. */
export type Way =
  | "keep"
  | "none"
  | "password"
  | "token"
  | "ssh"
  | "github"
  | "google"
  | "azurePrincipal"
  | "azureIdentity";

export const kinds: readonly (readonly [Kind, string])[] = [
  ["git", "Git"],
  ["helm", "Helm charts"],
  ["helmOci", "Helm charts (OCI)"],
  ["oci", "OCI artifacts"],
];

export const wayNames: Readonly<Record<Way, string>> = {
  keep: "Keep what is stored",
  none: "None",
  password: "User and password",
  token: "Bearer token",
  ssh: "SSH key",
  github: "GitHub App",
  google: "Google Cloud",
  azurePrincipal: "Azure principal",
  azureIdentity: "Azure workload identity",
};

const waysByKind: Readonly<Record<Kind, readonly Way[]>> = {
  git: ["none", "password", "token", "ssh", "github", "google", "azurePrincipal", "azureIdentity"],
  helm: ["none", "password"],
  helmOci: ["none", "password", "azureIdentity"],
  oci: ["none", "password", "azureIdentity"],
};

/** How one may prove who one is to a repository of a kind. */
export function waysOf(kind: Kind): readonly Way[] {
  return waysByKind[kind];
}

export type TextName =
  | "username"
  | "password"
  | "bearerToken"
  | "sshPrivateKey"
  | "githubAppID"
  | "githubAppInstallationID"
  | "githubAppPrivateKey"
  | "githubAppEnterpriseBaseUrl"
  | "gcpServiceAccountKey"
  | "azureServicePrincipalClientId"
  | "azureServicePrincipalClientSecret"
  | "azureServicePrincipalTenantId"
  | "azureActiveDirectoryEndpoint"
  | "tlsClientCertData"
  | "tlsClientCertKey"
  | "proxy"
  | "noProxy"
  | "depth";

export type FlagName =
  | "insecure"
  | "enableLfs"
  | "forceHttpBasicAuth"
  | "insecureOCIForceHttp"
  | "webhookManifestCacheWarmDisabled";

export interface TextSpec {
  readonly name: TextName;
  readonly label: string;
  /** `secret` is one line that is not shown, `long` many lines. */
  readonly look?: "secret" | "long";
  readonly isNeeded?: true;
  readonly isNumber?: true;
  readonly placeholder?: string;
  readonly hint?: string;
}

const texts: Readonly<Record<Way, readonly TextSpec[]>> = {
  keep: [],
  none: [],
  azureIdentity: [],
  password: [
    { name: "username", label: "User", hint: "For a token in place of a password, whatever the host says." },
    { name: "password", label: "Password or token", look: "secret", isNeeded: true },
  ],
  token: [
    {
      name: "bearerToken",
      label: "Bearer token",
      look: "secret",
      isNeeded: true,
      hint: "Such as an HTTP access token of Bitbucket Data Center.",
    },
  ],
  ssh: [
    {
      name: "sshPrivateKey",
      label: "Private key",
      look: "long",
      isNeeded: true,
      placeholder: "-----BEGIN OPENSSH PRIVATE KEY-----",
      hint: "Without a passphrase. The host's own key belongs under Certificates and known hosts.",
    },
  ],
  github: [
    { name: "githubAppID", label: "App id", isNeeded: true, isNumber: true },
    {
      name: "githubAppInstallationID",
      label: "Installation id",
      isNumber: true,
      hint: "Found by the organization when left empty.",
    },
    {
      name: "githubAppPrivateKey",
      label: "Private key",
      look: "long",
      isNeeded: true,
      placeholder: "-----BEGIN RSA PRIVATE KEY-----",
    },
    {
      name: "githubAppEnterpriseBaseUrl",
      label: "API of GitHub Enterprise",
      placeholder: "https://github.example.com/api/v3",
      hint: "Empty for github.com.",
    },
  ],
  google: [
    {
      name: "gcpServiceAccountKey",
      label: "Key of the service account",
      look: "long",
      isNeeded: true,
      placeholder: '{ "type": "service_account", … }',
    },
  ],
  azurePrincipal: [
    { name: "azureServicePrincipalClientId", label: "Client id", isNeeded: true },
    { name: "azureServicePrincipalTenantId", label: "Tenant id", isNeeded: true },
    { name: "azureServicePrincipalClientSecret", label: "Client secret", look: "secret", isNeeded: true },
    {
      name: "azureActiveDirectoryEndpoint",
      label: "Active Directory endpoint",
      placeholder: "https://login.microsoftonline.com",
    },
  ],
};

const certificate: readonly TextSpec[] = [
  {
    name: "tlsClientCertData",
    label: "TLS client certificate",
    look: "long",
    placeholder: "-----BEGIN CERTIFICATE-----",
  },
  { name: "tlsClientCertKey", label: "TLS client key", look: "long" },
];

/** Fields by which somebody proves who they are. */
export function credentialTexts(way: Way): readonly TextSpec[] {
  return texts[way];
}

/** Fields that few need, whatever the way. */
export function moreTexts(kind: Kind, way: Way): readonly TextSpec[] {
  return [
    ...(way === "ssh" || way === "keep" ? [] : certificate),
    { name: "proxy", label: "Proxy", placeholder: "http://proxy.example.com:3128" },
    { name: "noProxy", label: "Not by the proxy", placeholder: "*.internal, 10.0.0.0/8" },
    ...(kind === "git"
      ? ([
          {
            name: "depth",
            label: "Depth",
            isNumber: true,
            hint: "How many commits are fetched; all when left empty.",
          },
        ] as const)
      : []),
  ];
}

export interface FlagSpec {
  readonly name: FlagName;
  readonly label: string;
  readonly hint?: string;
}

export function flagsOf(kind: Kind, way: Way): readonly FlagSpec[] {
  const insecure: FlagSpec =
    way === "ssh"
      ? {
          name: "insecure",
          label: "Do not check the host's key",
          hint: "Whoever stands in between can take the host's place.",
        }
      : {
          name: "insecure",
          label: "Do not check the certificate",
          hint: "Whoever stands in between can read and change what is sent.",
        };
  const isOci = kind === "oci" || kind === "helmOci";
  return [
    insecure,
    ...(isOci
      ? ([
          { name: "insecureOCIForceHttp", label: "Plain HTTP", hint: "For a registry that has no TLS." },
        ] as const)
      : []),
    ...(kind === "git"
      ? ([
          { name: "enableLfs", label: "Large files (LFS)" },
          {
            name: "forceHttpBasicAuth",
            label: "Send the password unasked",
            hint: "For hosts that hide what is there instead of asking who one is.",
          },
          {
            name: "webhookManifestCacheWarmDisabled",
            label: "Render nothing ahead on webhooks",
          },
        ] as const)
      : []),
  ];
}
