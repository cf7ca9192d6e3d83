import { definedFields } from '../../../input/defined-fields.ts';
import type { Mapping } from '../../../input/path.ts';
import type { Finding } from '../../../input/problem.ts';
import { section, text } from '../../../input/values.ts';
import type { Key, Keys } from '../../rules/keys.ts';
import { someTime } from '../../rules/values.ts';
import { defineAction } from '../action.ts';

const ID = text('the id of an access key').describe('Id of the access key.');

export const addKey = defineAction({
  name: 'add_key',
  does: 'Adds an access key, or replaces the key of the same id.',
  takes: section({
    access_key_id: ID,
    access_key_secret: text('the secret of an access key').describe('Secret of the access key.'),
    security_token: text('a security token')
      .optional()
      .describe('Makes the key temporary: its requests must carry this token.'),
    expires_in: someTime()
      .optional()
      .describe('When a temporary key expires, from now; by default never.'),
  }),
  check: onlyTemporaryKeysEnd,
  perform({ keys, world }, file) {
    const { access_key_id: accessKeyId, access_key_secret: accessKeySecret } = file;
    const key = {
      accessKeyId,
      accessKeySecret,
      ...definedFields({ securityToken: file.security_token }),
    };
    keys.add(key);
    if (file.expires_in === undefined) return;
    world.plan(world.time.now() + file.expires_in, () => {
      // Another key may have taken the same id in the meantime.
      if (keys.find(accessKeyId) === key) end(keys, key, world.time.wall());
    });
  },
});

export const removeKey = defineAction({
  name: 'remove_key',
  does: 'Deletes an access key. Its calls get InvalidAccessKeyId.NotFound.',
  takes: section({ access_key_id: ID }),
  perform: ({ keys }, { access_key_id }) => keys.remove(find(keys, access_key_id).accessKeyId),
});

export const revokeKey = defineAction({
  name: 'revoke_key',
  does: 'Disables an access key. Its calls get InvalidAccessKeyId.Inactive.',
  takes: section({ access_key_id: ID }),
  perform: ({ keys }, { access_key_id }) => keys.revoke(find(keys, access_key_id).accessKeyId),
});

export const restoreKey = defineAction({
  name: 'restore_key',
  does: 'Makes a disabled or expired access key valid again.',
  takes: section({ access_key_id: ID }),
  perform({ keys }, { access_key_id }) {
    const { expiration: _, ...key } = find(keys, access_key_id);
    keys.add(key);
  },
});

export const expireKey = defineAction({
  name: 'expire_key',
  does: 'Lets a temporary access key expire. Its calls get InvalidSecurityToken.Expired.',
  takes: section({ access_key_id: ID }),
  perform({ keys, world }, { access_key_id }) {
    const key = find(keys, access_key_id);
    if (key.securityToken === undefined) {
      throw new Error(
        'Only a temporary key expires, which is a key with a security_token; use revoke_key for other keys',
      );
    }
    end(keys, key, world.time.wall());
  },
});

/** Sets the expiry of a key. A revoked key stays revoked. @param at clock time */
function end(keys: Keys, key: Key, at: number): void {
  const revoked = keys.isRevoked(key.accessKeyId);
  keys.add({ ...key, expiration: at });
  if (revoked) keys.revoke(key.accessKeyId);
}

/** The error does not repeat the id, because someone may have put a secret in its place. */
function find(keys: Keys, accessKeyId: string): Key {
  const key = keys.find(accessKeyId);
  if (key === undefined) throw new Error('There is no access key of that id');
  return key;
}

function* onlyTemporaryKeysEnd(keys: Mapping): Generator<Finding> {
  if (keys['expires_in'] === undefined || keys['security_token'] !== undefined) return;
  yield { path: ['security_token'], expected: 'a security token with expires_in', got: 'nothing' };
}
