import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { cancel } from "./cancellation.ts";
import { engineLog } from "./engine-log.ts";
import { typeOf } from "./live-type.ts";
import { diffMessage, errorMessage, failureMessage, read, settingsDiffMessage, write } from "./messages.ts";
import { notSupported, type Provider } from "./provider.ts";
import { serve } from "./serve.ts";

/** Answers the engine's calls with one provider's resource types. */
export function serveProvider(provider: Provider): void {
  const type = (request: { getUrn(): string }) => typeOf(provider, request.getUrn());
  const log = (request: { getUrn(): string }) => engineLog(request.getUrn());

  serve(ResourceProviderService, {
    getPluginInfo: unary(async () => new plugin.PluginInfo().setVersion(provider.version)),

    checkConfig: unary(async (request: CheckRequest) => {
      const failures = provider.settings?.check(read(request.getNews())) ?? [];
      return new messages.CheckResponse().setInputs(request.getNews()).setFailuresList(failures.map(failureMessage));
    }),

    diffConfig: unary(async (request: DiffRequest) => {
      const changed = await provider.settings?.diff(read(request.getOldInputs()), read(request.getNews()));
      return settingsDiffMessage(changed ?? { changes: [], replaces: [] });
    }),

    configure: unary(async (request: ConfigureRequest) => {
      provider.settings?.configure(Object.fromEntries(request.getVariablesMap().toArray()));
      return new messages.ConfigureResponse()
        .setAcceptsecrets(provider.acceptsSecrets)
        .setAcceptresources(true)
        .setSupportspreview(true);
    }),

    check: unary(async (request: CheckRequest) => {
      const context = { name: request.getName(), oldInputs: read(request.getOlds()), log: log(request) };
      const { inputs, failures } = await type(request).check(read(request.getNews()), context);
      return new messages.CheckResponse().setInputs(write(inputs)).setFailuresList(failures.map(failureMessage));
    }),

    diff: unary(async (request: DiffRequest) =>
      diffMessage(
        await type(request).diff({
          oldInputs: read(request.getOldInputs()),
          state: read(request.getOlds()),
          inputs: read(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),

    create: unary(async (request: CreateRequest) => {
      const created = await type(request).create({
        name: request.getName(),
        inputs: read(request.getProperties()),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
        log: log(request),
      });
      return new messages.CreateResponse().setId(created.id).setProperties(write(created.state));
    }),

    update: unary(async (request: UpdateRequest) => {
      const state = await type(request).update({
        state: read(request.getOlds()),
        inputs: read(request.getNews()),
        preview: request.getPreview(),
        timeoutSeconds: request.getTimeout(),
        ignoreChanges: request.getIgnorechangesList(),
        log: log(request),
      });
      return new messages.UpdateResponse().setProperties(write(state));
    }),

    read: unary(async (request: ReadRequest) => {
      const last = { inputs: read(request.getInputs()), state: read(request.getProperties()) };
      const found = await type(request).find({ id: request.getId(), ...last });
      // Without an id it is gone.
      if (!found) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(found.id)
        .setProperties(write(found.state))
        .setInputs(write(found.inputs));
    }),

    delete: unary(async (request: DeleteRequest) => {
      await type(request).delete({
        id: request.getId(),
        state: read(request.getProperties()),
        timeoutSeconds: request.getTimeout(),
        log: log(request),
      });
      return new empty.Empty();
    }),

    invoke: unary(async (request: InvokeRequest) => {
      throw notSupported(provider.name, `the function ${request.getTok()}`);
    }),

    construct: unary(async (request: ConstructRequest) => {
      throw notSupported(provider.name, `the component ${request.getType()}`);
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
type ConfigureRequest = InstanceType<typeof messages.ConfigureRequest>;
type CreateRequest = InstanceType<typeof messages.CreateRequest>;
type UpdateRequest = InstanceType<typeof messages.UpdateRequest>;
type ReadRequest = InstanceType<typeof messages.ReadRequest>;
type DeleteRequest = InstanceType<typeof messages.DeleteRequest>;
type InvokeRequest = InstanceType<typeof messages.InvokeRequest>;
type ConstructRequest = InstanceType<typeof messages.ConstructRequest>;

function unary<Request, Response>(answer: (request: Request) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
    answer(call.request).then(
      (response) => reply(null, response),
      (error) => reply(errorMessage(error)),
    );
  };
}
