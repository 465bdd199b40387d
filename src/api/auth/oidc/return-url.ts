import { MooringError } from "#core/errors/index.ts";

/**
 * Where a browser goes after it logged in: a page below one of the server's own URLs, the first of which stands for the rest. Throws
 * API_INVALID_ARGUMENT for any other, so that no link to the server can lead people to somebody else's.
 */
export function checkReturnUrl(returnUrl: string | undefined, ownUrls: readonly string[]): string {
  const [own = ""] = ownUrls;
  if (returnUrl === undefined || returnUrl === "") return `${own}/`;
  // Browsers read a backslash as a slash and leave out tabs and line ends, so that what is checked would not be what is opened.
  const isPlain =
    returnUrl.length <= 2_048 && /^[\u0021-\u007E]+$/u.test(returnUrl) && !returnUrl.includes("\\");
  const target = isPlain ? URL.parse(returnUrl, `${own}/`) : null;
  const isOwn = target !== null && ownUrls.some((each) => isBelow(target, new URL(each)));
  if (isOwn) return target.href;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    "return_url: is not below url or additionalUrls of ConfigMap argocd-cm; name a page of this server",
  );
}

function isBelow(target: URL, base: URL): boolean {
  if (target.origin !== base.origin || target.username !== "" || target.password !== "") return false;
  const path = base.pathname.replace(/\/+$/u, "");
  return target.pathname === path || target.pathname.startsWith(`${path}/`);
}
