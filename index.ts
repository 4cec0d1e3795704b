import { registry } from "./components/registry.ts";
import { keepAnswersOutOfDebugLog } from "./components/sdk-debug-log.ts";
import * as images from "./settings/image-reference.ts";
import { requireLanded } from "./settings/landed.ts";
import { readSettings } from "./settings/read-settings.ts";

keepAnswersOutOfDebugLog();
const { settings, secrets } = readSettings();
requireLanded(settings);
const endpoint = registry(settings, secrets);

export const registryUrl = endpoint.url;
export const registryHost = endpoint.host;
export const imagePrefix = images.imagePrefix(settings.containerRegistry);
export const registryCa = endpoint.ca;
export const accounts = endpoint.accounts;
