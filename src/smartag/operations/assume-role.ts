import { z } from 'zod';
import type { Credentials } from '../credentials/key-pair.ts';
import type { Operation, Request } from '../operation.ts';
import { reply, requiredLongText, requiredText } from '../wire.ts';

export const STS_VERSION = '2015-04-01';

/** The region of the request is ignored, because STS has its own endpoint. */
export interface AssumeRoleRequest extends Request {
  readonly roleArn: string;
  /** Names the session in the audit log of the role's account. */
  readonly sessionName: string;
  readonly seconds: number;
}

export interface RoleSession {
  readonly credentials: Credentials;
  /** The end of the session, in milliseconds since the epoch. */
  readonly endsAt: number;
}

/**
 * Gives a temporary key of a RAM role (AssumeRole page of STS). It changes nothing, so it does not count as a
 * write.
 */
export const assumeRole: Operation<AssumeRoleRequest, RoleSession> = {
  name: 'AssumeRole',
  writes: false,
  parameters: ({ roleArn, sessionName, seconds }) => ({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    DurationSeconds: seconds,
  }),
  reply: reply({
    Credentials: z.object({
      AccessKeyId: requiredText,
      AccessKeySecret: requiredText,
      SecurityToken: requiredLongText,
      Expiration: requiredText.transform(Date.parse).pipe(z.number()),
    }),
  }).transform(({ Credentials: key }) => ({
    credentials: {
      accessKeyId: key.AccessKeyId,
      accessKeySecret: key.AccessKeySecret,
      securityToken: key.SecurityToken,
    },
    endsAt: key.Expiration,
  })),
};
