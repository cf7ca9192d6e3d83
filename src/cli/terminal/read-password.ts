import { CommandError, EXIT, type Host } from '../process/host.ts';

/** Upper bound on the length of a password. A longer text is a file piped in by mistake. */
const MOST_BYTES = 4096;

/**
 * Reads the password from stdin, without the line break at its end.
 *
 * @throws CommandError when stdin is a terminal, cannot be read or has too many bytes, or when the process
 *   is asked to end
 */
export async function readPassword(host: Host): Promise<string> {
  if (host.stdin.isTTY === true) {
    throw new CommandError(
      '--password-stdin: expected the password from a pipe or a file; stdin is a terminal, which would show it',
      EXIT.usage,
    );
  }
  const ending = new Promise<never>((_, reject) => {
    const end = (): void =>
      reject(new CommandError('create-user was ended before it was done', EXIT.failed));
    if (host.ending.aborted) end();
    host.ending.addEventListener('abort', end, { once: true });
  });
  const text = await Promise.race([readAll(host), ending]);
  return text.replace(/\r?\n$/, '');
}

async function readAll({ stdin }: Host): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stdin) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > MOST_BYTES) break;
      chunks.push(buffer);
    }
  } catch {
    throw new CommandError('--password-stdin: stdin cannot be read', EXIT.failed);
  }
  if (bytes > MOST_BYTES) {
    throw new CommandError(
      `--password-stdin: expected a password on stdin; got more than ${MOST_BYTES} bytes`,
      EXIT.usage,
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}
