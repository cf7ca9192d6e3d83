import { defineMetric, ifKnown } from '../metric.ts';

export const userInfo = defineMetric({
  name: 'sag_app_user_info',
  help: 'A user (client account) of the instance; always 1.',
  example: 'count by (static_ip) (sag_app_user_info)',
  type: 'gauge',
  unit: 'info',
  scope: 'user',
  labels: {
    static_ip: 'Whether the user has a static address: true or false.',
    user_mail: 'Mail address; empty unless metrics.user_mail is on.',
  },
  samples: ({ staticIp, mail }, { userMail }) => [
    {
      labels: { static_ip: String(staticIp), user_mail: userMail ? (mail ?? '') : '' },
      value: 1,
    },
  ],
});

export const userEnabled = defineMetric({
  name: 'sag_app_user_enabled',
  help: 'Whether the user is enabled.',
  example: 'sag_app_user_enabled == 0',
  type: 'gauge',
  unit: 'boolean',
  scope: 'user',
  labels: {},
  samples: ({ enabled }) => ifKnown(enabled ? 1 : 0),
});

export const userBandwidthLimit = defineMetric({
  name: 'sag_app_user_bandwidth_limit_bytes_per_second',
  help: 'Bandwidth allocated to the user at most.',
  example: 'topk(10, sag_app_user_bandwidth_limit_bytes_per_second)',
  type: 'gauge',
  unit: 'bytes_per_second',
  scope: 'user',
  labels: {},
  samples: ({ bandwidth }) => ifKnown(bandwidth),
});

export const userAcceleratedBandwidthLimit = defineMetric({
  name: 'sag_app_user_accelerated_bandwidth_limit_bytes_per_second',
  help: 'Application acceleration bandwidth allocated to the user at most.',
  example: 'sag_app_user_accelerated_bandwidth_limit_bytes_per_second > 0',
  type: 'gauge',
  unit: 'bytes_per_second',
  scope: 'user',
  labels: {},
  samples: ({ acceleratedBandwidth }) => ifKnown(acceleratedBandwidth),
});

export const userOnlineClients = defineMetric({
  name: 'sag_app_user_online_clients',
  help: 'Online clients of the user; 0 when known to be offline.',
  example: 'sag_app_user_online_clients > 1',
  type: 'gauge',
  unit: 'count',
  scope: 'online user',
  labels: {},
  samples: ({ clients }) => ifKnown(clients),
});

export const userSessionStart = defineMetric({
  name: 'sag_app_user_session_start_timestamp_seconds',
  help: "When the user's longest-running session began; absent when offline.",
  example: 'topk(10, time() - sag_app_user_session_start_timestamp_seconds)',
  type: 'gauge',
  unit: 'timestamp_seconds',
  scope: 'session user',
  labels: {},
  samples: ({ oldestStart }) => ifKnown(oldestStart),
});

export const userSessionAge = defineMetric({
  name: 'sag_app_user_session_age_seconds',
  help: "Age of the user's longest-running session at the time of the scrape, in whole seconds; absent when offline.",
  example: 'count by (instance_id) (sag_app_user_session_age_seconds > 12 * 3600)',
  type: 'gauge',
  unit: 'seconds',
  scope: 'session user',
  labels: {},
  wanted: ({ sessionAge }) => sessionAge,
  isAge: true,
  samples: ({ oldestStart }) => ifKnown(oldestStart),
});

export const userTrafficMonth = defineMetric({
  name: 'sag_app_user_traffic_month_bytes',
  help: 'Traffic of the user since the month began, as the cloud reckons it.',
  example: 'topk(10, sag_app_user_traffic_month_bytes)',
  type: 'gauge',
  unit: 'bytes',
  scope: 'traffic user',
  labels: {},
  samples: ({ month }) => ifKnown(month),
});

export const userTrafficRemaining = defineMetric({
  name: 'sag_app_user_traffic_remaining_bytes',
  help: "What is left of the user's free traffic of the month; absent when the API omits it.",
  example: 'bottomk(10, sag_app_user_traffic_remaining_bytes)',
  type: 'gauge',
  unit: 'bytes',
  scope: 'traffic user',
  labels: {},
  samples: ({ remaining }) => ifKnown(remaining),
});
