import * as pulumi from "@pulumi/pulumi";
import { applicationId } from "../../../hosts/apply/application-id.ts";

const config = new pulumi.Config();
const moveRule = {
  from: config.get("from"),
  error: (old: string) => `say what becomes of ${old}`,
  warning: "it moves",
};
const owner = { id: "0123456789abcdef", stack: "moves", takeOverFrom: [] };

export const application = applicationId("registry-apply", { machine: config.require("machine"), owner, moveRule }, {});
