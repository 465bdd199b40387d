import { gatewayHealth, policyHealth, routeHealth } from "./gateway-api.ts";
import { glooHealth } from "./gloo.ts";
import type { Row } from "./rule.ts";

const route = {
  check: routeHealth,
  says: {
    Degraded: "a parent's `Accepted`, `ResolvedRefs` or `Programmed` is False",
    Progressing: "no parent has accepted it yet, or one is still pending",
    Healthy: "every parent that reports accepted it",
  },
};

const policy = {
  check: policyHealth,
  says: {
    Degraded: "an ancestor's `Accepted`, `ResolvedRefs` or `Programmed` is False",
    Progressing: "no ancestor has accepted it yet, or one is still pending",
    Healthy: "every ancestor that reports accepted it",
  },
};

const gloo = {
  check: glooHealth,
  says: {
    Degraded: "a state is Rejected",
    Progressing: "a state is Pending, or there is none yet",
    Healthy: "every state is Accepted or Warning",
  },
};

const accepted = { Degraded: "Accepted=False(!Pending|Waiting)", Healthy: "Accepted=True" };

/** Gateway API and its implementations, service meshes, ingress controllers, network policy. */
export const trafficRows: readonly Row[] = [
  { groups: "gateway.networking.k8s.io", kinds: "GatewayClass", ...accepted },
  {
    groups: "gateway.networking.k8s.io gateway.networking.x-k8s.io",
    kinds: "Gateway ListenerSet XListenerSet",
    check: gatewayHealth,
    says: {
      Degraded: "`Accepted`, `Programmed` or a listener's condition is False",
      Progressing: "one of them is still pending, or `Programmed` is not there yet",
      Healthy: "`Programmed=True`",
    },
  },
  {
    groups: "gateway.networking.k8s.io policy.linkerd.io",
    kinds: "HTTPRoute GRPCRoute TLSRoute TCPRoute UDPRoute",
    ...route,
  },
  {
    groups: "gateway.networking.k8s.io gateway.networking.x-k8s.io",
    kinds: "BackendTLSPolicy BackendLBPolicy XBackendTrafficPolicy",
    ...policy,
  },
  {
    groups: "gateway.envoyproxy.io",
    kinds: "BackendTrafficPolicy ClientTrafficPolicy SecurityPolicy EnvoyExtensionPolicy EnvoyPatchPolicy",
    ...policy,
  },
  { groups: "gateway.envoyproxy.io gateway.kgateway.dev", kinds: "Backend", ...accepted },
  {
    groups: "gateway.kgateway.dev",
    kinds: "TrafficPolicy HTTPListenerPolicy ListenerPolicy BackendConfigPolicy",
    ...policy,
  },
  {
    groups: "networking.istio.io security.istio.io telemetry.istio.io extensions.istio.io",
    kinds: "*",
    Degraded: "PassedAnalysis=False or PassedValidation=False",
    Progressing: "Reconciled=False",
    Healthy: "Reconciled=True",
    otherwise: "nothing",
  },
  {
    groups: "install.istio.io",
    kinds: "IstioOperator",
    Degraded: ".status.status=ERROR|ACTION_REQUIRED",
    Healthy: ".status.status=HEALTHY",
    message: ".status.message",
  },
  {
    groups: "sailoperator.io",
    kinds: "Istio IstioRevision IstioCNI ZTunnel",
    Degraded: "Reconciled=False",
    Healthy: "Ready=True",
  },
  {
    groups: "projectcontour.io",
    kinds: "HTTPProxy",
    Degraded: ".status.currentStatus=invalid|orphaned",
    Healthy: ".status.currentStatus=valid",
    message: ".status.description",
  },
  {
    groups: "projectcontour.io",
    kinds: "ExtensionService",
    Degraded: "Valid=False",
    Healthy: "Valid=True",
  },
  {
    groups: "gateway.solo.io",
    kinds:
      "VirtualService RouteTable RouteOption VirtualHostOption MatchableHttpGateway MatchableTcpGateway Gateway",
    ...gloo,
  },
  { groups: "gloo.solo.io", kinds: "Upstream UpstreamGroup Proxy", ...gloo },
  {
    groups: "consul.hashicorp.com",
    kinds: "*",
    Degraded: "Synced=False",
    Healthy: "Synced=True",
    otherwise: "nothing",
  },
  {
    groups: "cilium.io",
    kinds: "CiliumNetworkPolicy CiliumClusterwideNetworkPolicy",
    Degraded: "Valid=False",
    Healthy: "Valid=True",
    otherwise: "nothing",
  },
  {
    groups: "cilium.io",
    kinds: "CiliumLoadBalancerIPPool",
    Degraded: "cilium.io/PoolConflict=True",
    otherwise: "nothing",
  },
  {
    groups: "configuration.konghq.com",
    kinds: "*",
    Progressing: "Programmed=False",
    Healthy: "Programmed=True",
    otherwise: "nothing",
  },
  {
    groups: "externaldns.k8s.io",
    kinds: "DNSEndpoint",
    Degraded: "Accepted=False",
    Progressing: "Ready=False(!Filtered|DryRun)",
    Healthy: "Ready=True or .status.observedGeneration",
  },
  {
    groups: "operator.tigera.io",
    kinds: "Installation APIServer TigeraStatus",
    Degraded: "Degraded=True",
    Progressing: "Progressing=True",
    Healthy: "Ready=True or Available=True",
  },
  {
    groups: "tailscale.com",
    kinds: "Connector ProxyClass ProxyGroup DNSConfig Recorder",
    Degraded:
      "ConnectorReady=False(ConnectorInvalid) or ProxyClassReady=False or ProxyGroupReady=False(ProxyGroupInvalid) or NameserverReady=False(NameserverInvalid) or RecorderReady=False(RecorderInvalid)",
    Healthy:
      "ConnectorReady=True or ProxyClassReady=True or ProxyGroupReady=True or NameserverReady=True or RecorderReady=True",
  },
];
