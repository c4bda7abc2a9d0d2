import type { MessageInput, MessageOf, MessageSchema } from '../protocol/schema.ts';
import { Admin } from './admin.ts';
import { type ApiCall, describeClusterCall } from './api-calls.ts';
import { type ClientProperties, ConfigReader, readCommonConfig } from './client-config.ts';
import { BrokerError } from './client-errors.ts';
import type { ClientPorts } from './client-ports.ts';
import { ClusterClient } from './cluster-client.ts';

const controllersEndpointType = 2;

/** An admin that speaks to the controllers (`--bootstrap-controller`, KIP-919): all goes to the active one. */
export class ControllerAdmin extends Admin {
  /** `bootstrap.servers` are controllers. Throws ConfigError. */
  static override create(ports: ClientPorts, properties: ClientProperties): ControllerAdmin {
    const config = readCommonConfig(properties, { clientId: 'adminclient-1' });
    const apiTimeoutMs = new ConfigReader(properties).integer('default.api.timeout.ms', 60_000, 0);
    const prefix = `[AdminClient clientId=${config.clientId}] `;
    return new ControllerAdmin(new ClusterClient(ports, config, prefix), apiTimeoutMs);
  }

  override call<Q extends MessageSchema, S extends MessageSchema>(
    apiName: string,
    call: ApiCall<Q, S>,
    message: MessageInput<Q>,
  ): Promise<MessageOf<S>> {
    return this.retry(apiName, async () => {
      const { controllerId } = await this.#describeControllers();
      if (controllerId < 0) throw new BrokerError('NOT_CONTROLLER');
      return await this.client.sendTo(controllerId, call, message);
    });
  }

  override async describeCluster() {
    return await this.retry('listNodes', () => this.#describeControllers());
  }

  /** Asks any controller who the others are, and which one is active. */
  async #describeControllers() {
    const response = await this.client.sendToAny(describeClusterCall, {
      endpointType: controllersEndpointType,
    });
    const { brokers } = this.client.metadata;
    brokers.clear();
    for (const { brokerId, host, port, rack } of response.brokers) {
      brokers.set(brokerId, { id: brokerId, host, port, rack });
    }
    return response;
  }
}
