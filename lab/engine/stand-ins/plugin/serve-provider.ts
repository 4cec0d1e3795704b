import { type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { cancel } from "./cancellation.ts";
import type { Change } from "./difference.ts";
import { engineLog } from "./engine-log.ts";
import type { PropertyMap } from "./property.ts";
import { type Failure, notSupported, type Planned, type Provider, type ResourceType } from "./provider.ts";
import { serve } from "./serve.ts";

/** Answers the engine's calls with one provider's resource types. */
export function serveProvider(provider: Provider): void {
  const typeOf = (urn: string) => resourceType(provider, urn);

  serve(ResourceProviderService, {
    getPluginInfo: unary(async () => new plugin.PluginInfo().setVersion(provider.version)),

    checkConfig: unary(async (request: CheckRequest) => new messages.CheckResponse().setInputs(request.getNews())),

    diffConfig: unary(async () => new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE)),

    configure: unary(async () =>
      new messages.ConfigureResponse()
        .setAcceptsecrets(provider.acceptsSecrets)
        .setAcceptresources(true)
        .setSupportspreview(true),
    ),

    check: unary(async (request: CheckRequest) => {
      const { inputs, failures } = typeOf(request.getUrn()).check(read(request.getNews()));
      return new messages.CheckResponse().setInputs(write(inputs)).setFailuresList(failures.map(failureMessage));
    }),

    diff: unary(async (request: DiffRequest) =>
      diffMessage(
        typeOf(request.getUrn()).diff({
          oldInputs: read(request.getOldInputs()),
          state: read(request.getOlds()),
          inputs: read(request.getNews()),
        }),
      ),
    ),

    create: unary(async (request: CreateRequest) => {
      const created = await typeOf(request.getUrn()).create({
        name: request.getName(),
        inputs: read(request.getProperties()),
        preview: request.getPreview(),
        log: engineLog(request.getUrn()),
      });
      return new messages.CreateResponse().setId(created.id).setProperties(write(created.state));
    }),

    update: unary(async (request: UpdateRequest) => {
      const state = await typeOf(request.getUrn()).update({
        state: read(request.getOlds()),
        inputs: read(request.getNews()),
        preview: request.getPreview(),
        log: engineLog(request.getUrn()),
      });
      return new messages.UpdateResponse().setProperties(write(state));
    }),

    read: unary(async (request: ReadRequest) => {
      const state = read(request.getProperties());
      if (Object.keys(state).length === 0) throw notSupported(provider.name, `import of ${request.getUrn()}`);
      const found = typeOf(request.getUrn()).read?.(state) ?? state;
      return new messages.ReadResponse()
        .setId(request.getId())
        .setProperties(write(found))
        .setInputs(request.getInputs());
    }),

    delete: unary(async (request: DeleteRequest) => {
      await typeOf(request.getUrn()).delete?.({
        state: read(request.getProperties()),
        log: engineLog(request.getUrn()),
      });
      return new empty.Empty();
    }),

    invoke: unary(async (request: InvokeRequest) => {
      throw notSupported(provider.name, `the function ${request.getTok()}`);
    }),

    // The engine ends the process itself: one that goes by its own counts as crashed.
    cancel: unary(async () => {
      cancel();
      return new empty.Empty();
    }),
  });
}

type CheckRequest = InstanceType<typeof messages.CheckRequest>;
type DiffRequest = InstanceType<typeof messages.DiffRequest>;
type CreateRequest = InstanceType<typeof messages.CreateRequest>;
type UpdateRequest = InstanceType<typeof messages.UpdateRequest>;
type ReadRequest = InstanceType<typeof messages.ReadRequest>;
type DeleteRequest = InstanceType<typeof messages.DeleteRequest>;
type InvokeRequest = InstanceType<typeof messages.InvokeRequest>;
type StructMessage = InstanceType<typeof struct.Struct>;

function resourceType(provider: Provider, urn: string): ResourceType {
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const found = provider.resources[token];
  if (!found) throw notSupported(provider.name, `the resource type ${token}`);
  return found;
}

function unary<Request, Response>(answer: (request: Request) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
    answer(call.request).then(
      (response) => reply(null, response),
      (error) => reply({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
    );
  };
}

function read(message: StructMessage | undefined): PropertyMap {
  return (message?.toJavaScript() ?? {}) as PropertyMap;
}

function write(map: PropertyMap): StructMessage {
  return struct.Struct.fromJavaScript(map);
}

function failureMessage({ property, reason }: Failure) {
  return new messages.CheckFailure().setProperty(property).setReason(reason);
}

function diffMessage({ changes, replaces }: Planned) {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse().setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  for (const [path, change] of changes) {
    const key = path.split(/[.[]/, 1)[0] ?? path;
    response.addDiffs(key);
    if (replaces(path)) response.addReplaces(key);
    response.getDetaileddiffMap().set(path, new messages.PropertyDiff().setKind(kindOf(change, replaces(path))));
  }
  return response;
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
