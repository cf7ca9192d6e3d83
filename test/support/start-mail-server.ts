import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** An e-mail that has arrived. */
export interface Mail {
  readonly recipients: readonly string[];
  readonly subject: string;
  /** The decoded parts, by their content type without parameters. */
  readonly parts: Readonly<Record<string, string>>;
}

/** A mail server on the loopback interface that accepts every e-mail, without encryption. */
export interface StartedMailServer {
  /** host:port */
  readonly address: string;
  /** The user and password of each login. */
  readonly logins: readonly string[];
  /** All e-mails so far, oldest first. */
  readonly mails: readonly Mail[];
  stop(): void;
}

export async function startMailServer(): Promise<StartedMailServer> {
  const mails: Mail[] = [];
  const logins: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    void converse(socket, mails, logins);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    logins,
    mails,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The side of the server in SMTP, as far as a client uses it to send e-mails. */
async function converse(socket: Socket, mails: Mail[], logins: string[]): Promise<void> {
  let recipients: string[] = [];
  let data: string[] | undefined;
  const answer = (line: string): void => void socket.write(`${line}\r\n`);
  answer('220 mail.example.com ESMTP');
  for await (const line of createInterface({
    input: socket,
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (data) {
      if (line !== '.') data.push(line.replace(/^\./, ''));
      else {
        mails.push({ recipients, ...readMessage(data.join('\r\n')) });
        data = undefined;
        recipients = [];
        answer('250 accepted');
      }
      continue;
    }
    const [, verb = '', rest = ''] = /^(\w+) ?(.*)$/.exec(line) ?? [];
    if (verb === 'EHLO') answer('250-mail.example.com\r\n250 AUTH PLAIN');
    else if (verb === 'AUTH') {
      const [, user, password] = decodeBase64(rest.replace('PLAIN ', '')).split('\0');
      logins.push(`${user} ${password}`);
      answer('235 welcome');
    } else if (verb === 'DATA') {
      data = [];
      answer('354 go ahead');
    } else {
      if (verb === 'RCPT') recipients.push(/<(.*?)>/.exec(rest)?.[1] ?? '');
      answer(verb === 'QUIT' ? '221 bye' : '250 ok');
    }
  }
}

function readMessage(text: string): Pick<Mail, 'subject' | 'parts'> {
  const { headers, body } = splitHeaders(text);
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Error(`not multipart: ${text}`);
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => splitHeaders(part.replace(/^\r\n/, '')))
    .map(({ headers, body }) => {
      if (headers['content-transfer-encoding'] !== 'quoted-printable') throw new Error(text);
      return [headers['content-type']?.split(';')[0] ?? '', decodeQuotedPrintable(body)];
    });
  return {
    subject: decodeWords(headers['subject'] ?? ''),
    parts: Object.fromEntries(parts) as Record<string, string>,
  };
}

function splitHeaders(text: string) {
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(': ');
      return [name.toLowerCase(), value.join(': ')];
    }),
  ) as Readonly<Record<string, string>>;
  return { headers, body: text.slice(end + 4) };
}

const decodeBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

function decodeQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('\r\n', '\n')
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Decodes the encoded words of a header (RFC 2047). */
function decodeWords(header: string): string {
  return header
    .replaceAll('?= =?', '?==?')
    .replaceAll(/=\?utf-8\?q\?(.*?)\?=/gi, (_, text: string) =>
      decodeQuotedPrintable(text.replaceAll('_', ' ')),
    );
}
