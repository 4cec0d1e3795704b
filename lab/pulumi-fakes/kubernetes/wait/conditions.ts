import type { PropertyValue } from "../../plugin/property.ts";
import { listField, textField } from "../object.ts";

/** The condition of that type in an object's status. */
export function condition(object: PropertyValue, type: string): PropertyValue | undefined {
  return listField(object, "status", "conditions").find((each) => textField(each, "type") === type);
}

export function isTrue(object: PropertyValue, type: string): boolean {
  return textField(condition(object, type), "status") === "True";
}

/** `[reason] message` of a condition that is not met. */
export function complaint(object: PropertyValue, type: string): string[] {
  const found = condition(object, type);
  if (found === undefined || textField(found, "status") === "True" || textField(found, "message") === "") return [];
  return [`[${textField(found, "reason")}] ${textField(found, "message")}`];
}
