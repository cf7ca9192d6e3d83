import { overTime } from '../panels.ts';
import type { Row } from '../put-together.ts';
import { text } from '../text.ts';
import { ofExporter, rate } from './queries.ts';

export const PROCESS_ROW: Row = {
  title: text('Process', '进程'),
  panels: [
    overTime({
      title: text('Processor', '处理器'),
      description: text(
        'Processor time of the exporter: 1 means one processor all the time.',
        'exporter 占用的处理器时间：1 表示始终占满一个处理器核。',
      ),
      unit: 'short',
      queries: [
        {
          expr: rate(ofExporter('process_cpu_seconds_total')),
          legend: '{{instance}}',
        },
      ],
      width: 8,
    }),
    overTime({
      title: text('Memory', '内存'),
      description: text(
        'Resident memory, and the part of it in the JavaScript heap.',
        '常驻内存，以及其中 JavaScript 堆占用的部分。',
      ),
      unit: 'bytes',
      queries: [
        {
          expr: ofExporter('process_resident_memory_bytes'),
          legend: text('{{instance}}: resident', '{{instance}}：常驻内存'),
        },
        {
          expr: ofExporter('nodejs_heap_size_used_bytes'),
          legend: text('{{instance}}: heap in use', '{{instance}}：已用堆内存'),
        },
      ],
      width: 8,
    }),
    overTime({
      title: text('Event loop lag', '事件循环延迟'),
      description: text(
        'The 99th percentile of the delay with which the exporter handles events. Scrapes and calls are delayed by as much.',
        'exporter 处理事件的延迟的 99 百分位数。抓取和调用也会延迟同样的时间。',
      ),
      unit: 's',
      queries: [
        {
          expr: ofExporter('nodejs_eventloop_lag_p99_seconds'),
          legend: '{{instance}}',
        },
      ],
      width: 8,
    }),
  ],
};
