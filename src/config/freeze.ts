export type Frozen<Value> = { readonly [Key in keyof Value]: Frozen<Value[Key]> };

export function deepFreeze<Value>(value: Value): Frozen<Value> {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}
