import type { Check } from "../../check.ts";
import type { ClientFacts } from "../../registry/client-facts.ts";
import { http } from "./http.ts";
import { nameAndConnection } from "./name-and-connection.ts";
import { rights } from "./rights.ts";
import { tls } from "./tls.ts";

/** What a client on this machine finds wrong at the registry. */
export const registryChecks: readonly Check<ClientFacts>[] = [...nameAndConnection, ...tls, ...http, ...rights];
