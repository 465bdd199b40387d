import { expect, it } from "vitest";
import { errorOf, isForbidden, isNotFound, isUnauthenticated } from "./api-error.ts";

it("says what the server says, and the status where something else answered", async () => {
  const error = await errorOf(
    new Response(JSON.stringify({ message: "permission denied" }), { status: 403 }),
  );
  expect([error.status, error.message]).toEqual([403, "permission denied"]);
  for (const body of ["<h1>Bad gateway</h1>", "", "null", `{"message":5}`]) {
    const other = await errorOf(new Response(body, { status: 502 }));
    expect([other.status, other.message], `${body}`).toEqual([502, "The server answered 502."]);
  }
});

it("knows the errors that pages act on", async () => {
  const of = (status: number) => errorOf(new Response("", { status }));
  expect(isUnauthenticated(await of(401))).toBe(true);
  expect(isForbidden(await of(403))).toBe(true);
  expect(isNotFound(await of(404))).toBe(true);
  expect(isUnauthenticated(new Error("401"))).toBe(false);
});
