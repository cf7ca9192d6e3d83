import type { InstanceSpec } from '../../src/simulator/index.ts';

/** CreateTime and EndTime of the office. */
export const CREATED = Date.UTC(2025, 0, 1);
export const ENDS = Date.UTC(2026, 11, 31);

/** One instance of each kind: an office with three users, a full one, one without a network, hardware, one abroad. */
export const INSTANCES: readonly InstanceSpec[] = [
  {
    id: 'sag-office',
    uid: 1234567890123456n,
    regionId: 'cn-shanghai',
    name: 'office',
    description: 'the office',
    usersLimit: 4,
    createTime: CREATED,
    endTime: ENDS,
    cidrBlock: '10.1.0.0/24,192.168.7.0/30',
    users: [
      {
        name: 'li.wei017',
        bandwidth: 5000,
        acceleratedBandwidth: 1000,
        staticIp: '10.1.0.9',
        sessions: [
          { clientIp: '10.1.0.9', onlineTime: 1559125519 },
          { clientIp: '10.1.0.40', onlineTime: 1559125600 },
        ],
      },
      { name: 'wang.fang', mail: 'fang@example.com', state: 1 },
      { name: 'doc', sessions: [{ clientIp: '10.1.0.41', onlineTime: 1559125700 }] },
    ],
  },
  { id: 'sag-full', regionId: 'cn-shanghai', usersLimit: 2, users: 2, status: 'Offline' },
  { id: 'sag-bare', regionId: 'cn-shanghai', cidrBlock: '' },
  { id: 'sag-box', regionId: 'cn-shanghai', type: 'hardware' },
  { id: 'sag-abroad', regionId: 'ap-southeast-1', name: 'abroad' },
];

/** The instance parameters of the office. */
export const OFFICE = { RegionId: 'cn-shanghai', SmartAGId: 'sag-office' };
/** A user that may be created there. */
export const NEW_USER = {
  ...OFFICE,
  UserName: 'doctest',
  Password: 'duuf1234',
  UserMail: 'username@example.com',
  Bandwidth: '20',
};
