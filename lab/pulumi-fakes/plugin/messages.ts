import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Change } from "./difference.ts";
import type { PropertyMap } from "./property.ts";
import { type ChangedSettings, type Failure, InitializationFailure, type Planned } from "./provider.ts";

type StructMessage = InstanceType<typeof struct.Struct>;

export function read(message: StructMessage | undefined): PropertyMap {
  return (message?.toJavaScript() ?? {}) as PropertyMap;
}

export function write(map: PropertyMap): StructMessage {
  return struct.Struct.fromJavaScript(map);
}

export function failureMessage({ property, reason }: Failure) {
  return new messages.CheckFailure().setProperty(property).setReason(reason);
}

export function diffMessage({ changes, replaces, deleteBeforeReplace = false }: Planned) {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse().setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(deleteBeforeReplace);
  for (const [path, change] of changes) {
    const key = path.split(/[.[]/, 1)[0] ?? path;
    response.addDiffs(key);
    if (replaces(path)) response.addReplaces(key);
    response.getDetaileddiffMap().set(path, new messages.PropertyDiff().setKind(kindOf(change, replaces(path))));
  }
  return response;
}

/** Of a provider's own settings. */
export function settingsDiffMessage({ changes, replaces }: ChangedSettings) {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse().setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME);
  return response.setDiffsList(changes).setReplacesList(replaces);
}

/** The gRPC error for the engine; an InitializationFailure includes the resource that exists nevertheless. */
export function errorMessage(error: unknown): Partial<ServiceError> {
  const details = error instanceof Error ? error.message : String(error);
  if (!(error instanceof InitializationFailure)) return { code: status.UNKNOWN, details };

  const { found, reasons } = error;
  const left = new messages.ErrorResourceInitFailed().setId(found.id).setProperties(write(found.state));
  left.setReasonsList(reasons);
  if (found.inputs) left.setInputs(write(found.inputs));
  const packed = new any.Any();
  packed.pack(left.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new statusMessages.Status().setCode(status.UNKNOWN).setMessage(details);
  whole.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}

function kindOf(change: Change, replace: boolean) {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  const kinds = {
    add: { false: ADD, true: ADD_REPLACE },
    delete: { false: DELETE, true: DELETE_REPLACE },
    update: { false: UPDATE, true: UPDATE_REPLACE },
  } as const;
  return kinds[change][`${replace}`];
}
