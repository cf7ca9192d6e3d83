import pLimit from 'p-limit';
import { type Clock, SECOND } from '../clock.ts';
import { UnusableFileError } from './text-of-bytes.ts';

/** Limit for one operation of the file system, such as a network mount whose server is gone. */
const OPERATION_TIMEOUT = 10 * SECOND;

/**
 * An operation that hangs occupies one of the four threads in which Node.js makes all calls of the file
 * system and looks up all host names. At most two operations run at once, so two threads stay usable.
 */
const MAX_CONCURRENT = 2;
const limited = pLimit(MAX_CONCURRENT);
/** Operations that have exceeded their time limit and have not ended. */
let hanging = 0;

/**
 * Makes an operation of the file system. Once it has exceeded its time limit, an operation that has not
 * begun is left out, and the result of one that ends later goes to `discard`.
 *
 * @throws UnusableFileError when the time limit is exceeded, or too many earlier operations hang
 */
export function withinTimeout<Result>(
  clock: Clock,
  operation: () => Promise<Result>,
  discard: (late: Result) => unknown = () => {},
): Promise<Result> {
  if (hanging >= MAX_CONCURRENT) return Promise.reject(noAnswer());
  return new Promise((resolve, reject) => {
    let isLate = false;
    const cancel = clock.after(OPERATION_TIMEOUT, () => {
      isLate = true;
      hanging++;
      reject(noAnswer());
    });
    limited(async () => {
      if (isLate) return;
      const result = await operation();
      if (isLate) await discard(result);
      else resolve(result);
    })
      .catch(reject)
      .finally(() => {
        cancel();
        if (isLate) hanging--;
      });
  });
}

function noAnswer(): UnusableFileError {
  return new UnusableFileError(
    'NO_ANSWER',
    `a file whose file system does not answer within ${OPERATION_TIMEOUT / SECOND} s`,
  );
}
