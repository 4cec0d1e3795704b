import { useEffect, useState } from "preact/hooks";
import { type Route, routeOf } from "../registry/route.ts";

/** The route in the address, updated at each change. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener("hashchange", follow);
    // It may have changed since the first rendering.
    follow();
    return () => removeEventListener("hashchange", follow);
  }, []);
  return routeOf(hash);
}
