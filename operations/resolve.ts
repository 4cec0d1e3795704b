/**
 * The value of a part of a citty command, which may be defined as a value, a promise, or a function that returns
 * either.
 */
export async function resolve<T>(value: T | Promise<T> | (() => T | Promise<T>) | undefined): Promise<T | undefined> {
  return typeof value === "function" ? await (value as () => T | Promise<T>)() : await value;
}
