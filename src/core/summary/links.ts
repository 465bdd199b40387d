import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { annotationsOf, parseApiVersion, viewArray, viewString } from "#core/object/index.ts";
import { annotationKey, linkAnnotationPrefix } from "#core/tracking/index.ts";
import { ingressUrls } from "./ingress-urls.ts";
import { serviceUrls } from "./service-urls.ts";
import { formatHost, isSafeUrl } from "./url.ts";

/**
 * The links of one object: those its annotations give, and the URLs at which an Ingress or a Service answers unless
 * ignore-default-links says otherwise.
 */
export function viewLinks(object: KubeObject): readonly string[] {
  const ignored = annotationsOf(object)[annotationKey.ignoreDefaultLinks] === "true";
  return [...annotatedLinks(object), ...(ignored ? [] : servedUrls(object).filter(isSafeUrl))];
}

function annotatedLinks(object: KubeObject): readonly string[] {
  return Object.entries(annotationsOf(object)).flatMap(([key, value]) =>
    key.startsWith(linkAnnotationPrefix) && typeof value === "string" && isSafeLink(value) ? [value] : [],
  );
}

/** A link is a URL, or a title of at most 200 characters, a bar and a URL. */
function isSafeLink(value: string): boolean {
  const bar = value.lastIndexOf("|");
  return bar <= 200 && isSafeUrl(value.slice(bar + 1).trim());
}

function servedUrls(object: KubeObject): readonly string[] {
  switch (`${parseApiVersion(object.apiVersion).group}/${object.kind}`) {
    case "networking.k8s.io/Ingress":
    case "extensions/Ingress":
      return ingressUrls(object, balancerHosts(object));
    case "/Service":
      return serviceUrls(object, balancerHosts(object));
    default:
      return [];
  }
}

/** The addresses that the load balancer was given. */
function balancerHosts(object: KubeObject): readonly string[] {
  return viewArray(object, "status", "loadBalancer", "ingress").flatMap((entry: JsonValue) => {
    const host = viewString(entry, "hostname") || viewString(entry, "ip");
    return host ? [formatHost(host)] : [];
  });
}
