import { editDistance } from "../../../kit/words/edit-distance.ts";

/** An image's name as people write it: without the default registry, with its tag. */
export function plainImageName(image: string): string {
  const plain = image.replace(/^(docker\.io|index\.docker\.io)\//, "").replace(/^library\//, "");
  return plain.includes("@") || lastPart(plain).includes(":") ? plain : `${plain}:latest`;
}

/** Of the images that are there, those that may have been meant, the same repository's first; at most 12. */
export function imagesLike(image: string, images: string[]): string[] {
  const repository = repositoryOf(plainImageName(image));
  const last = repository.split("/").at(-1) ?? repository;
  const nearness = (other: string) => {
    const name = repositoryOf(other);
    if (name === repository) return 0;
    return name.includes(last) || last.includes(name) || editDistance(name, last) <= 2 ? 1 : 2;
  };
  return [...new Set(images.map(plainImageName))]
    .map((name) => ({ name, near: nearness(name) }))
    .sort((a, b) => a.near - b.near || (a.name < b.name ? -1 : 1))
    .slice(0, 12)
    .map(({ name }) => name);
}

/** Behind the last slash: a colon before it belongs to a registry's port. */
const lastPart = (image: string) => image.slice(image.lastIndexOf("/") + 1);

function repositoryOf(image: string): string {
  const name = lastPart(image);
  const end = name.search(/[:@]/);
  return end < 0 ? image : image.slice(0, image.length - name.length + end);
}
