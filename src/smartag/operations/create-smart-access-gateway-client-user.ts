import type { Operation, Request } from '../operation.ts';
import { kilobits } from '../units.ts';
import { amount, reply, text } from '../wire.ts';

export interface CreateSmartAccessGatewayClientUserRequest extends Request {
  readonly instanceId: string;
  readonly userMail: string;
  /** Kbit/s, 1 to 20000, the unit of the API. */
  readonly bandwidthKbit: number;
  /** Without a name and password, the API chooses both and sends them by mail. */
  readonly login?: { readonly userName: string; readonly password: string };
  /** A static address inside the instance's private CIDR block. */
  readonly clientIp?: string;
}

/** The created user; fields that the reply leaves out are absent. */
export interface CreatedUser {
  readonly userName?: string;
  readonly userMail?: string;
  /** Bytes per second. */
  readonly bandwidth?: number;
  readonly clientIp?: string;
}

export const createSmartAccessGatewayClientUser: Operation<
  CreateSmartAccessGatewayClientUserRequest,
  CreatedUser
> = {
  name: 'CreateSmartAccessGatewayClientUser',
  writes: true,
  parameters: (request) => ({
    RegionId: request.regionId,
    SmartAGId: request.instanceId,
    UserMail: request.userMail,
    Bandwidth: request.bandwidthKbit,
    ...(request.login && {
      UserName: request.login.userName,
      Password: request.login.password,
    }),
    ...(request.clientIp !== undefined && { ClientIp: request.clientIp }),
  }),
  reply: reply({ UserName: text, UserMail: text, Bandwidth: amount, ClientIp: text }).transform(
    (wire): CreatedUser => ({
      ...(wire.UserName !== undefined && { userName: wire.UserName }),
      ...(wire.UserMail !== undefined && { userMail: wire.UserMail }),
      ...(wire.Bandwidth !== undefined && { bandwidth: kilobits(wire.Bandwidth) }),
      ...(wire.ClientIp !== undefined && { clientIp: wire.ClientIp }),
    }),
  ),
};
