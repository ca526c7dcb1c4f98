/** Numbers for things that come again and again, in the order of their first coming. */
export class Names<Item = string> {
  readonly all: Item[] = [];
  #numbers = new Map<string, number>();

  /** `key` tells items apart; `make` is called for a new one. */
  number(key: string, make: () => Item): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const next = this.all.length;
    this.#numbers.set(key, next);
    this.all.push(make());
    return next;
  }
}
