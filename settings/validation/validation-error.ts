/**
 * One broken rule of a stack file: the path of the setting to change, its value, and a message with the rule and the
 * way out.
 */
export type ValidationError = { path: (string | number)[]; input?: unknown; message: string };
