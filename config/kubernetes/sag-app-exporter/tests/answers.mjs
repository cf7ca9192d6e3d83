// `helm test` runs this in a pod. It asks each exporter for its health and its metrics, and ends with exit code 1 if
// an exporter does not answer as it should. Arguments: the path of the metrics, then the URL of each exporter.
const [telemetryPath, ...exporters] = process.argv.slice(1);
const { USERNAME, PASSWORD } = process.env;
const headers =
  USERNAME === undefined ? {} : { authorization: `Basic ${btoa(`${USERNAME}:${PASSWORD}`)}` };

async function answerOf(url) {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  return response.body.pipeThrough(new TextDecoderStream());
}

/** Reads piece by piece: the metrics of a large fleet are larger than the memory of the pod. */
async function findMetric(body) {
  let line = '';
  for await (const text of body) {
    line += text;
    if (/^sag_app_exporter_build_info\{/m.test(line)) return;
    line = line.slice(line.lastIndexOf('\n') + 1);
  }
  throw new Error('the answer has no metrics of sag-app-exporter');
}

for (const exporter of exporters) {
  for (const path of ['/-/healthy', telemetryPath]) {
    const url = `${exporter}${path}`;
    try {
      const body = await answerOf(url);
      if (path === telemetryPath) await findMetric(body);
      else await body.cancel();
      process.stdout.write(`${url}: passed\n`);
    } catch (error) {
      const { code = '', message } = error.cause ?? error;
      process.stdout.write(`${url}: failed: ${code} ${message}\n`);
      process.exitCode = 1;
    }
  }
}
