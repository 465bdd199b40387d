import type { QueryClient } from "@tanstack/react-query";
import type { ParsedLocation } from "@tanstack/react-router";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { askEarly } from "./features/application/ask-early.ts";
import { TreeView } from "./features/application/resources/tree/lazy-tree.ts";
import { parsePageSearch } from "./features/application/page-search.ts";
import { listQuery } from "./features/applications/list-query.ts";
import { parseListSearch } from "./features/applications/list-search.ts";
import { ListPage } from "./features/applications/list-page.tsx";
import { parseDeliverySearch } from "./features/delivery/delivery-search.ts";
import { parseImagesSearch } from "./features/images/images-search.ts";
import { parseLoginSearch } from "./features/login/login-search.ts";
import { LoginPage } from "./features/login/login-page.tsx";
import { parsePipelineSearch, parsePipelinesSearch } from "./features/pipelines/list-search.ts";
import { parseAuditSearch } from "./features/settings/audit/audit-search.ts";
import { parseQuestionSearch } from "./features/settings/permissions/question-search.ts";
import { parseProjectSearch } from "./features/settings/projects/project-search.ts";
import { parsePurposeSearch } from "./features/settings/repositories/purpose-search.ts";
import { NotFound, RouteFailure } from "./features/shell/not-found.tsx";
import { Shell } from "./features/shell/shell.tsx";
import { isUnauthenticated } from "./lib/api/index.ts";
import { onlySearch } from "./lib/only-search.ts";
import { createQueryClient } from "./lib/query-client.ts";
import { sessionQuery, settingsQuery } from "./lib/session.ts";

interface AppContext {
  readonly queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<AppContext>()({ notFoundComponent: NotFound });

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  component: LoginPage,
  validateSearch: onlySearch(parseLoginSearch),
});

/** Everything that wants somebody logged in, or a server that lets anybody read. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const { queryClient } = context;
    beginList(queryClient, location);
    try {
      const session = await queryClient.ensureQueryData(sessionQuery);
      if (session.loggedIn === true) return;
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
    }
    throw redirect({ to: "/login", search: { back: location.href } });
  },
});

/** Asks for the list beside the session: most come for it, and one answer after the other takes twice as long. */
function beginList(queryClient: QueryClient, { pathname, search }: ParsedLocation): void {
  if (pathname !== "/" && pathname !== "/applications") return;
  const query = listQuery(pathname === "/" ? {} : parseListSearch(search));
  if (queryClient.getQueryState(query.queryKey) !== undefined) return;
  void queryClient.prefetchInfiniteQuery({ ...query, retry: false, meta: { isEarly: true } });
}

const homeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/applications" });
  },
});

const listRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/applications",
  component: ListPage,
  validateSearch: onlySearch(parseListSearch),
});

interface Opening {
  readonly context: AppContext;
  readonly params: { readonly namespace: string; readonly name: string };
  readonly location: ParsedLocation;
  /** Somebody only points at a link. */
  readonly preload: boolean;
}

/** Loads what draws the tree beside the page that it stands in, and asks for what both show. */
function beginApplication({ context: { queryClient }, params, location, preload }: Opening): void {
  const { view = "tree" } = parsePageSearch(location.search);
  if (view === "tree") TreeView.load();
  if (!preload) askEarly({ queryClient, app: params, view });
}

const applicationRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/applications/$namespace/$name",
  component: lazyRouteComponent(
    () => import("./features/application/application-page.tsx"),
    "ApplicationPage",
  ),
  validateSearch: onlySearch(parsePageSearch),
  beforeLoad: beginApplication,
});

/** As notifications and links of Argo CD name an application of the server's own namespace. */
const shortRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/applications/$name",
  beforeLoad: async ({ context, params, search }) => {
    const { controllerNamespace: namespace = "argocd" } =
      await context.queryClient.ensureQueryData(settingsQuery);
    throw redirect({ to: "/applications/$namespace/$name", params: { ...params, namespace }, search });
  },
  validateSearch: onlySearch(parsePageSearch),
});

const pipelineRoutes = [
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/pipelines",
    component: lazyRouteComponent(() => import("./features/pipelines/list-page.tsx"), "PipelinesPage"),
    validateSearch: onlySearch(parsePipelinesSearch),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/pipelines/$namespace/$name",
    component: lazyRouteComponent(() => import("./features/pipelines/pipeline-page.tsx"), "PipelinePage"),
    validateSearch: onlySearch(parsePipelineSearch),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/promotions/$namespace/$name",
    component: lazyRouteComponent(() => import("./features/promotion/promotion-page.tsx"), "PromotionPage"),
  }),
] as const;

const deliveryRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/delivery",
  component: lazyRouteComponent(() => import("./features/delivery/delivery-page.tsx"), "DeliveryPage"),
  validateSearch: onlySearch(parseDeliverySearch),
});

const imagesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/images",
  component: lazyRouteComponent(() => import("./features/images/images-page.tsx"), "ImagesPage"),
  validateSearch: onlySearch(parseImagesSearch),
});

const settingsRoutes = [
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings",
    component: lazyRouteComponent(() => import("./features/settings/settings-page.tsx"), "SettingsPage"),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/repos",
    component: lazyRouteComponent(
      () => import("./features/settings/repositories/repositories-page.tsx"),
      "RepositoriesPage",
    ),
    validateSearch: onlySearch(parsePurposeSearch),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/certs",
    component: lazyRouteComponent(
      () => import("./features/settings/certificates/certificates-page.tsx"),
      "CertificatesPage",
    ),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/gpgkeys",
    component: lazyRouteComponent(
      () => import("./features/settings/signing-keys/signing-keys-page.tsx"),
      "SigningKeysPage",
    ),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/clusters",
    component: lazyRouteComponent(
      () => import("./features/settings/clusters/clusters-page.tsx"),
      "ClustersPage",
    ),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/clusters/$server",
    component: lazyRouteComponent(
      () => import("./features/settings/clusters/cluster-page.tsx"),
      "ClusterPage",
    ),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/projects",
    component: lazyRouteComponent(
      () => import("./features/settings/projects/projects-page.tsx"),
      "ProjectsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/projects/$name",
    component: lazyRouteComponent(
      () => import("./features/settings/projects/project-page.tsx"),
      "ProjectPage",
    ),
    validateSearch: onlySearch(parseProjectSearch),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/accounts",
    component: lazyRouteComponent(
      () => import("./features/settings/accounts/accounts-page.tsx"),
      "AccountsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/accounts/$name",
    component: lazyRouteComponent(
      () => import("./features/settings/accounts/account-page.tsx"),
      "AccountPage",
    ),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/permissions",
    component: lazyRouteComponent(
      () => import("./features/settings/permissions/permissions-page.tsx"),
      "PermissionsPage",
    ),
    validateSearch: onlySearch(parseQuestionSearch),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/audit",
    component: lazyRouteComponent(() => import("./features/settings/audit/audit-page.tsx"), "AuditPage"),
    validateSearch: onlySearch(parseAuditSearch),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/system",
    component: lazyRouteComponent(() => import("./features/settings/system/system-page.tsx"), "SystemPage"),
  }),
  createRoute({
    getParentRoute: () => insideRoute,
    path: "/settings/appearance",
    component: lazyRouteComponent(
      () => import("./features/settings/appearance/appearance-page.tsx"),
      "AppearancePage",
    ),
  }),
] as const;

const userRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/user-info",
  component: lazyRouteComponent(() => import("./features/user/user-page.tsx"), "UserPage"),
});

const tree = rootRoute.addChildren([
  loginRoute,
  insideRoute.addChildren([
    homeRoute,
    listRoute,
    applicationRoute,
    shortRoute,
    userRoute,
    ...pipelineRoutes,
    deliveryRoute,
    imagesRoute,
    ...settingsRoutes,
  ]),
]);

/** The path that the page's `<base>` names, without the slash at its end. */
function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/\/$/u, "");
}

/** The pages, and what they know of the server. */
export function createApp() {
  const queryClient = createQueryClient(() => {
    queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
    const { pathname, href } = router.state.location;
    if (pathname !== "/login") void router.navigate({ to: "/login", search: { back: href, ended: true } });
  });
  const router = createRouter({
    routeTree: tree,
    basepath: basePath(),
    context: { queryClient },
    defaultPreload: "intent",
    defaultErrorComponent: RouteFailure,
    scrollRestoration: true,
  });
  return { queryClient, router };
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createApp>["router"];
  }
}
