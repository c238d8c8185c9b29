/** As nodes know it: shop-web:1.0 is docker.io/library/shop-web:1.0. Without a tag it is latest. */
export function fullImageName(name: string): string {
  const tagged = /:./s.test(name.slice(name.lastIndexOf("/") + 1)) ? name : `${name}:latest`;
  const [first = "", ...rest] = tagged.split("/");
  if (rest.length === 0) return `docker.io/library/${tagged}`;
  // A registry is told from a folder of the default one by its dot or port.
  return /[.:]|^localhost$/.test(first) ? tagged : `docker.io/${tagged}`;
}
