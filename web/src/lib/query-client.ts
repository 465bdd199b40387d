import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isUnauthenticated } from "./api/index.ts";

const maxRetries = 2;

/** Holds what the server said. `onLoggedOut` hears when it says that nobody is logged in any more. */
export function createQueryClient(onLoggedOut: () => void): QueryClient {
  const hear = (error: Error): void => {
    if (isUnauthenticated(error)) onLoggedOut();
  };
  return new QueryClient({
    // What was asked before it was known whether anybody is logged in ends no session.
    queryCache: new QueryCache({ onError: (error, { meta }) => meta?.["isEarly"] !== true && hear(error) }),
    mutationCache: new MutationCache({ onError: hear }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < maxRetries && isWorthRetrying(error),
      },
    },
  });
}

/** A server that is being replaced comes back; one that refuses goes on refusing. */
function isWorthRetrying(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502);
}
