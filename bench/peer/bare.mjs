/* The smallest comparable program, for bench/start: express, prom-client with its default metrics, and pino. */
import express from 'express';
import { pino } from 'pino';
import { collectDefaultMetrics, register } from 'prom-client';

const log = pino(pino.destination({ dest: 2, sync: true }));
collectDefaultMetrics();
const app = express();
app.get('/metrics', async (_request, response) => {
  response.set('Content-Type', register.contentType).end(await register.metrics());
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = `127.0.0.1:${server.address().port}`;
  log.info({ address, scheme: 'http' }, 'listening');
});
