import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { applicationId } from "../../../hosts/apply/application-id.ts";

const config = new pulumi.Config();
const machine = config.require("machine");
const moveRule = {
  from: config.get("from"),
  error: (old: string) => `say what becomes of ${old}`,
  usedError: (next: string) => `it moved to ${next} already`,
  warning: "it moves",
};
const owner = { id: "0123456789abcdef", stack: "moves", takeOverFrom: [] };

const { id, appliedBy } = applicationId("apply", { machine, owner, moveRule }, {});
const command = new local.Command(`apply@${machine}`, { create: config.require("create"), stdin: id });
appliedBy(command);

export const application = id;
