/** The same bytes in memory of their own, as much as they need: a part of a larger piece keeps all of it. */
export function ownCopy(bytes: Uint8Array): Buffer {
  // Unlike Buffer.from, without filling it with zeros first.
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  copy.set(bytes);
  return copy;
}
