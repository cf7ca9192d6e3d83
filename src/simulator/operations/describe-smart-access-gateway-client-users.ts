import type { Value } from '../gateway/reply.ts';
import { list } from '../gateway/write-reply.ts';
import type { Quirks } from '../rules/quirks/table.ts';
import type { Instance } from '../world/instance.ts';
import type { User } from '../world/spec.ts';
import type { Operation } from './operation.ts';
import { cutPage, each } from './pages.ts';
import { INSTANCE_ERRORS, noAddress, requiredInstance } from './required.ts';

/** 2^63 - 1, the largest Long, stands for "no limit". */
const UNLIMITED = 9_223_372_036_854_775_807n;

/** The users of an instance in the order of their creation, page by page. */
export const describeSmartAccessGatewayClientUsers: Operation = {
  name: 'DescribeSmartAccessGatewayClientUsers',
  errors: INSTANCE_ERRORS,
  answer(call) {
    const { parameters, quirks, requestId } = call;
    const users = select(
      requiredInstance(call),
      parameters.get('UserName'),
      parameters.get('UserMail'),
    );
    const page = cutPage(call, users, quirks.maxPageSize);
    return {
      TotalCount: page.totalCount,
      PageSize: page.pageSize,
      RequestId: requestId,
      [quirks.pageField]: page.pageNumber,
      ...list(
        quirks,
        'Users',
        'User',
        each(page, (user) => fieldsOf(user, quirks)),
      ),
    };
  },
};

/** Both filters compare the whole name or address. */
function select(
  instance: Instance,
  userName: string | undefined,
  userMail: string | undefined,
): readonly User[] {
  let users = instance.users;
  if (userName !== undefined) {
    const user = instance.user(userName);
    users = user === undefined ? [] : [user];
  }
  return userMail === undefined ? users : users.filter(({ mail }) => mail === userMail);
}

function fieldsOf(user: User, quirks: Quirks): Value {
  return {
    Bandwidth: user.bandwidth,
    State: user.state,
    // A user without a fixed address has an address only while connected.
    ClientIp: user.staticIp ?? user.sessions[0]?.clientIp ?? noAddress(quirks),
    UserName: user.name,
    UserMail: user.mail,
    AccelerateBandwidth:
      quirks.bigIntegers && user.acceleratedBandwidth === 0 ? UNLIMITED : user.acceleratedBandwidth,
    IsStaticIp: staticIp(user, quirks),
  };
}

function staticIp({ staticIp }: User, quirks: Quirks): Value {
  const isStatic = staticIp !== undefined;
  return quirks.staticIp === 'boolean' ? isStatic : Number(isStatic);
}
