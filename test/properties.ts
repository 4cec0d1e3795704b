import fc from "fast-check";

/**
 * fast-check, whose inputs are the same in every run: a red run is then the doing of what changed. New ones, to find what nobody
 * thought of: `npm run test:properties`.
 */
fc.configureGlobal(process.env.PROPERTIES === "new" ? {} : { seed: 1 });

export default fc;
