import log from "@pulumi/pulumi/log/index.js";

type Debug = typeof log.debug;

/**
 * Keeps secrets out of `--debug` and `-v=3`: the SDK logs each provider's answer as it came, generated passwords and
 * hashes in clear. The messages stay, without the answers. To be called before the first resource.
 * @see @pulumi/pulumi: runtime/resource.js, `RegisterResource RPC finished`
 */
export function keepAnswersOutOfDebugLog(): void {
  const debug = log.debug;
  const withoutAnswer: Debug = (message, ...rest) => debug(message.replace(/resp: .*/s, "resp: not logged"), ...rest);
  // The types have it read-only; the SDK looks it up anew for each message.
  Object.assign(log, { debug: withoutAnswer });
}
