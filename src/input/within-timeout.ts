import pLimit from 'p-limit';
import { type Clock, SECOND } from '../clock.ts';
import { UnusableFileError } from './text-of-bytes.ts';

/** Time limit for one operation of the file system. A network mount whose server is gone never answers. */
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
 * Runs an operation of the file system with a time limit. When the limit is exceeded before the operation has
 * begun, the operation is skipped. When it ends after the limit, its result goes to `discard`.
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
