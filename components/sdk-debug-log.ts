import log from "@pulumi/pulumi/log/index.js";

type Debug = typeof log.debug;

/**
 * Keeps secrets out of `--debug` and `-v=3`: the SDK logs every provider response in plain text, with generated passwords
 * and hashes. This cuts the responses out of the messages. Call it before the first resource.
 * @see @pulumi/pulumi: runtime/resource.js, `RegisterResource RPC finished`
 */
export function keepAnswersOutOfDebugLog(): void {
  const debug = log.debug;
  const withoutAnswer: Debug = (message, ...rest) => debug(message.replace(/resp: .*/s, "resp: not logged"), ...rest);
  // Assigned despite its read-only type. The SDK looks the function up for every message, so it finds this one.
  Object.assign(log, { debug: withoutAnswer });
}
