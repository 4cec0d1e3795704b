import { createOwner } from "./components/create-owner.ts";
import { LazyCluster } from "./components/lazy-cluster.ts";
import { prepareConsumers } from "./components/prepare-consumers.ts";
import { prepareRegistry } from "./components/prepare-registry.ts";
import { prepareTrust } from "./components/prepare-trust.ts";
import { keepAnswersOutOfDebugLog } from "./components/sdk-debug-log.ts";
import { requireBuiltUi } from "./hosts/sending/built-ui.ts";
import * as images from "./settings/formats/image-reference.ts";
import { readSettings } from "./settings/read-settings.ts";

keepAnswersOutOfDebugLog();
const { settings, secrets } = readSettings();
requireBuiltUi(settings);

// These functions create no registry yet. They throw an error for whatever is missing on this machine or in the stack
// file, before the registry or a node is changed.
const cluster = new LazyCluster(settings.variant);
const createRegistry = await prepareRegistry(settings, cluster);
const trustRegistry = await prepareTrust(settings, cluster);
const createConsumers = await prepareConsumers(settings, cluster);

const owner = createOwner(settings);
const endpoint = createRegistry({ name: "registry", secrets, owner });
trustRegistry({ secrets, endpoint, owner });
const outputs = createConsumers({ secrets, endpoint, owner });

// A default export, since Pulumi warns in every preview of a named export without a value.
export default {
  registryUrl: endpoint.url,
  registryHost: endpoint.host,
  imagePrefix: endpoint.host.apply((host) => images.imagePrefix({ ...settings.containerRegistry, host })),
  registryCa: endpoint.ca,
  accounts: endpoint.accounts,
  ...outputs,
};
