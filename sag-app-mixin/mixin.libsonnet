// The rules and dashboards of sag-app-exporter as a monitoring mixin (https://monitoring.mixins.dev). The files in
// files/ are copies of config/prometheus and grafana/dashboards, which `npm run mixin` makes.

local recordingRules = import 'files/rules/recording-rules.json';
local thresholds = import 'files/rules/thresholds.json';
local languages = {
  en: {
    alerts: import 'files/rules/alerts.json',
    dashboards: {
      'sag-app-exporter.json': import 'files/dashboards/sag-app-exporter.json',
      'sag-app-fleet.json': import 'files/dashboards/sag-app-fleet.json',
      'sag-app-instance.json': import 'files/dashboards/sag-app-instance.json',
    },
  },
  'zh-CN': {
    alerts: import 'files/rules/zh-CN/alerts.json',
    dashboards: {
      'sag-app-exporter.json': import 'files/dashboards/zh-CN/sag-app-exporter.json',
      'sag-app-fleet.json': import 'files/dashboards/zh-CN/sag-app-fleet.json',
      'sag-app-instance.json': import 'files/dashboards/zh-CN/sag-app-instance.json',
    },
  },
};
local defaultSelector = 'job="sag-app"';

local labelsOf(rule) = if std.objectHas(rule, 'labels') then rule.labels else {};
local rulesOf(groups) = std.flattenArrays([group.rules for group in groups]);
local withRules(group, rules) = group { rules: rules };

{
  local config = $._config,
  local language =
    if std.objectHas(languages, config.language) then languages[config.language]
    else error '_config.language: there is no language ' + config.language + '; there are ' + std.join(', ', std.objectFields(languages)),

  _config+:: {
    // Language of alerts and dashboards: 'en' or 'zh-CN'.
    language: 'en',
    // Selects the exporter in Prometheus, for the alerts on an exporter that does not answer.
    exporterSelector: defaultSelector,
    // Thresholds that replace those of thresholds.yml: [{ record, labels, expr }].
    thresholds: [],
    // Names of alerts to leave out.
    disabledAlerts: [],
    // Labels of all alerts.
    alertLabels: {},
    // URL of the folder in which you publish your own copy of docs/runbooks (in Chinese docs/zh-CN/runbooks). Without it,
    // the alerts link to the pages in the project's repository.
    runbookBaseUrl: '',
  },

  grafanaDashboardFolder:: 'SAG APP',

  grafanaDashboards+:: language.dashboards,

  prometheusRules+:: {
    local replaces(threshold, rule) =
      threshold.record == rule.record && labelsOf(threshold) == labelsOf(rule),
    local replaced(rule) =
      std.foldl(
        function(result, threshold)
          if replaces(threshold, rule) then result { expr: threshold.expr } else result,
        config.thresholds,
        rule
      ),
    local unknown = [
      threshold.record
      for threshold in config.thresholds
      if !std.foldl(function(found, rule) found || replaces(threshold, rule), rulesOf(thresholds.groups), false)
    ],
    local links = {
      name: 'sag-app-links',
      rules: [{ record: 'sag_app:runbooks:info', expr: 'vector(1)', labels: { url: config.runbookBaseUrl } }],
    },

    groups+:
      if unknown != [] then
        error '_config.thresholds: there is no such threshold: ' + std.join(', ', unknown)
      else
        [withRules(group, [replaced(rule) for rule in group.rules]) for group in thresholds.groups]
        + recordingRules.groups
        + (if config.runbookBaseUrl == '' then [] else [links]),
  },

  prometheusAlerts+:: {
    local names = [rule.alert for rule in rulesOf(language.alerts.groups)],
    local unknown = [name for name in config.disabledAlerts if !std.member(names, name)],
    local adapted(rule) = rule {
      expr: std.strReplace(rule.expr, defaultSelector, config.exporterSelector),
      labels+: config.alertLabels,
    },

    groups+:
      if unknown != [] then
        error '_config.disabledAlerts: there is no such alert: ' + std.join(', ', unknown)
      else
        [
          withRules(group, [adapted(rule) for rule in group.rules if !std.member(config.disabledAlerts, rule.alert)])
          for group in language.alerts.groups
        ],
  },
}
