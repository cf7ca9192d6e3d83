import { describe, expect, it } from 'vitest';
import { FLEET_METRICS, OWN_METRICS } from '../../../src/metrics/catalog/index.ts';
import { labelsWithMeanings } from '../../../src/metrics/metric.ts';

/*
 * Dashboards and alerts rely on these metrics: new ones may be added, but none may be renamed or get other labels.
 */
const CONTRACT = `
gauge     sag_app_account_up                                         account
gauge     sag_app_exporter_fallback                                  account operation
gauge     sag_app_discovery_last_success_timestamp_seconds           account region_id
counter   sag_app_discovery_failures_total                           account region_id reason
gauge     sag_app_instance_info                                      account region_id instance_id name status
gauge     sag_app_instance_up                                        account region_id instance_id
gauge     sag_app_instance_expiry_timestamp_seconds                  account region_id instance_id
gauge     sag_app_instance_bandwidth_limit_bytes_per_second          account region_id instance_id
gauge     sag_app_users_limit                                        account region_id instance_id
gauge     sag_app_users                                              account region_id instance_id state
gauge     sag_app_bandwidth_allocated_bytes_per_second               account region_id instance_id state
gauge     sag_app_accelerated_bandwidth_allocated_bytes_per_second   account region_id instance_id state
gauge     sag_app_online_users                                       account region_id instance_id
gauge     sag_app_online_clients                                     account region_id instance_id
gauge     sag_app_oldest_session_start_timestamp_seconds             account region_id instance_id
counter   sag_app_sessions_started_total                             account region_id instance_id
counter   sag_app_sessions_ended_total                               account region_id instance_id
counter   sag_app_online_disagreements_total                         account region_id instance_id
histogram sag_app_session_duration_seconds                           account region_id instance_id
gauge     sag_app_users_unused                                       account region_id instance_id unused_for
gauge     sag_app_watched_since_timestamp_seconds                    account region_id instance_id
gauge     sag_app_last_success_timestamp_seconds                     account region_id instance_id stage
gauge     sag_app_stage_duration_seconds                             account region_id instance_id stage
gauge     sag_app_stage_progress_ratio                               account region_id instance_id stage
counter   sag_app_stage_failures_total                               account region_id instance_id stage reason
gauge     sag_app_stage_failure_info                                 account region_id instance_id stage reason
gauge     sag_app_user_info                                          account region_id instance_id user_name static_ip user_mail
gauge     sag_app_user_enabled                                       account region_id instance_id user_name
gauge     sag_app_user_bandwidth_limit_bytes_per_second              account region_id instance_id user_name
gauge     sag_app_user_accelerated_bandwidth_limit_bytes_per_second  account region_id instance_id user_name
gauge     sag_app_user_online_clients                                account region_id instance_id user_name
gauge     sag_app_user_last_online_timestamp_seconds                 account region_id instance_id user_name
gauge     sag_app_user_first_seen_timestamp_seconds                  account region_id instance_id user_name
gauge     sag_app_user_session_start_timestamp_seconds               account region_id instance_id user_name
gauge     sag_app_user_session_age_seconds                           account region_id instance_id user_name
gauge     sag_app_user_traffic_month_bytes                           account region_id instance_id user_name
gauge     sag_app_user_traffic_remaining_bytes                       account region_id instance_id user_name
gauge     sag_app_session_start_timestamp_seconds                    account region_id instance_id user_name client_ip
gauge     sag_app_exporter_build_info                                version revision node_version
counter   sag_app_exporter_api_requests_total                        account operation code
histogram sag_app_exporter_api_request_duration_seconds              operation
counter   sag_app_exporter_api_wait_seconds_total                    account operation
gauge     sag_app_exporter_api_budget_requests_per_second            account operation
gauge     sag_app_exporter_config_last_reload_successful
gauge     sag_app_exporter_config_last_reload_success_timestamp_seconds
gauge     sag_app_exporter_series                                    disposition
histogram sag_app_exporter_scrape_duration_seconds
gauge     sag_app_exporter_storage_last_write_successful
gauge     sag_app_exporter_storage_last_write_success_timestamp_seconds
gauge     sag_app_exporter_storage_size_bytes                       kind
gauge     sag_app_exporter_shard_info                                index total
`;

describe('the catalog', () => {
  it('declares exactly the metrics of the contract, with their types and labels', () => {
    const declared = [
      ...FLEET_METRICS.map((metric) => ({ ...metric, labels: labelsWithMeanings(metric) })),
      ...OWN_METRICS,
    ].map(({ type, name, labels }) => [type, name, ...Object.keys(labels)].join(' '));
    const promised = CONTRACT.trim()
      .split('\n')
      .map((row) => row.trim().replace(/\s+/g, ' '));
    expect(declared.toSorted()).toEqual(promised.toSorted());
  });

  it('declares as alternatives only metrics of the same scope', () => {
    for (const { insteadOf, scope } of FLEET_METRICS) {
      if (insteadOf === undefined) continue;
      expect(FLEET_METRICS.find(({ name }) => name === insteadOf)?.scope).toBe(scope);
    }
  });
});
