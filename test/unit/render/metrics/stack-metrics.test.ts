import { expect, it } from "vitest";
import { stackMetrics } from "../../../../render/metrics/stack-metrics.ts";
import { Account } from "../../../../settings/accounts.ts";

const accounts = [{ name: "jenkins" }, { name: "team-a", expires: "2027-03-31" }].map((each) => Account.parse(each));
const rotations = { jenkins: { generation: 2, date: "2026-11-01", previous: "revoked" } } as const;

it("tells until when accounts work, and when passwords should be rotated", () => {
  expect(stackMetrics(accounts, { rotations, rotateEvery: "90d" })).toBe(`\
# HELP container_registry_account_expiry_timestamp_seconds When the account stops working, in seconds since 1970.
# TYPE container_registry_account_expiry_timestamp_seconds gauge
container_registry_account_expiry_timestamp_seconds{account="team-a"} ${Date.parse("2027-04-01") / 1000}
# HELP container_registry_rotation_due_timestamp_seconds When the account's password should have been rotated, in seconds since 1970.
# TYPE container_registry_rotation_due_timestamp_seconds gauge
container_registry_rotation_due_timestamp_seconds{account="jenkins"} ${Date.parse("2027-01-30") / 1000}
`);
});

it("knows no day for a rotation without rotateEvery", () => {
  expect(stackMetrics(accounts, { rotations })).not.toContain('{account="jenkins"}');
});
