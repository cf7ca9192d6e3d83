/** Reads an IPv4 address as a number; undefined for any other text. Leading zeros are refused. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** The client addresses of one network, without the network address and the broadcast address. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads the ranges of a comma-separated list of networks such as `10.0.0.0/16,192.168.0.0/24`.
 *
 * @throws RangeError when an element is not an IPv4 network
 */
export function parseCidrBlock(cidrBlock: string): readonly Range[] {
  return cidrBlock
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '')
    .map((element) => {
      const [address = '', bits = ''] = element.split('/');
      const base = parseIpv4(address);
      if (base === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 30) {
        throw new RangeError(`Expected a network like 10.0.0.0/16, got ${element}`);
      }
      const size = 2 ** (32 - Number(bits));
      const network = Math.floor(base / size) * size;
      return { first: network + 1, last: network + size - 2 };
    });
}

/** The client addresses of one instance. Remembers which of them are taken. */
export class AddressPool {
  readonly #ranges: readonly Range[];
  readonly #taken = new Set<number>();
  readonly #size: number;
  #cursor = 0;

  constructor(cidrBlock: string) {
    this.#ranges = parseCidrBlock(cidrBlock);
    this.#size = this.#ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  contains(address: number): boolean {
    return this.#ranges.some(({ first, last }) => first <= address && address <= last);
  }

  isTaken(address: number): boolean {
    return this.#taken.has(address);
  }

  take(address: number): void {
    this.#taken.add(address);
  }

  release(address: number): void {
    this.#taken.delete(address);
  }

  /**
   * Takes the next free address. It goes through all networks before an address comes up again, so that a
   * client gets another address at each connection (CreateSmartAccessGatewayClientUser page, ClientIp).
   * Undefined when all addresses are taken.
   */
  lease(): number | undefined {
    if (this.#taken.size >= this.#size) return undefined;
    for (let tries = 0; tries < this.#size; tries++) {
      const address = this.#at(this.#cursor);
      this.#cursor = (this.#cursor + 1) % this.#size;
      if (address !== undefined && !this.#taken.has(address)) {
        this.#taken.add(address);
        return address;
      }
    }
    return undefined;
  }

  #at(index: number): number | undefined {
    let left = index;
    for (const { first, last } of this.#ranges) {
      if (left <= last - first) return first + left;
      left -= last - first + 1;
    }
    return undefined;
  }
}
